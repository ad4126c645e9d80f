"""Addresses of bells, as people type them and as they are shown again."""

from __future__ import annotations

from bot.validation.mail_addresses import NoAddress, parse_address
from storage.bells.bells import StoredBell

REGION = "NL"
"""Where a telephone number without a country is."""


class WrongAddress(ValueError):
    """This is no address for this kind of bell. The text holds nothing of it."""


WITHOUT_PLUS = ("whatsapp",)
"""Channels that write a number as `31612345678`, and tell by that who answers."""


def read_address(kind: str, typed: str, channel: str = "") -> str:
    """An address as it is kept for a channel: `email`, or `tel` in the form `+31612345678`. Raises
    WrongAddress."""
    if kind == "email":
        try:
            return parse_address(typed)
        except NoAddress:
            raise WrongAddress("no e-mail address") from None
    import phonenumbers  # seldom, and large

    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        raise WrongAddress("no telephone number") from None
    if not phonenumbers.is_valid_number(number):
        raise WrongAddress("no telephone number")
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return whole.removeprefix("+") if channel in WITHOUT_PLUS else whole


def mask(bell: StoredBell) -> str:
    """Enough of an address to know it again, for a screen that others may see."""
    if bell.channel == "push":
        return ""
    name, at, domain = bell.address.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if at else f"…{bell.address[-3:]}"
