"""Attachments: recordings and pictures, cleaned, stored, and transcribed on this machine."""
