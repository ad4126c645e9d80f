"""Encryption, codes and erasure."""
