"""Encryption, keys, codes and the erasure list."""
