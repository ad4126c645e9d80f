"""Checks what comes in: text without broken characters, mail addresses taken whole or refused."""
