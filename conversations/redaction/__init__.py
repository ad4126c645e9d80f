"""The rules by which identifying details are found; `conversations.redact` is their front."""
