"""Telegram: updates in, messages out, over the Bot API."""
