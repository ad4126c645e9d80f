"""Telegram: updates in, messages out, over the Bot API."""

from bot.channels.telegram.later_client import read_without_client

read_without_client()
