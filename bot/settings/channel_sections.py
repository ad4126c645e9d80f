"""The sections of the configuration that are about channels: addresses, secrets and limits of what
people talk through, or are rung by."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from bot.settings.section import Section, Several
from bot.validation.mail_addresses import NoAddress, parse_sender


class TelegramSettings(Section):
    token: SecretStr = SecretStr("")
    base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _webhook_needs_a_secret(self) -> Self:
        secret = self.webhook_secret.get_secret_value()
        if self.mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            raise ValueError(
                'mode = "webhook" needs a webhook_secret of 16 letters, digits, _ or - at least'
            )
        return self


class WebSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""
    metrics_token: SecretStr = SecretStr("")
    drain: float = Field(default=6.0, ge=0, le=20)
    trusted_proxies: Several = Field(default=["127.0.0.0/8", "::1/128"])

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", url):
            raise ValueError("it begins with https:// and is the address of the web chat")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: list[str]) -> list[str]:
        try:
            return [str(ip_network(each, strict=False)) for each in proxies]
        except ValueError as error:
            raise ValueError(f"{error}; it is a list of addresses and networks") from None


class MailSettings(Section):
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    tls: Literal["starttls", "tls", "none"] = "starttls"
    helo: str = ""

    @model_validator(mode="after")
    def _comes_from_someone(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("a host needs a sender, the address that letters come from")
        return self

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, sender: str) -> str:
        try:
            parse_sender(sender) if sender else None
        except NoAddress:
            raise ValueError("write it as Vertelbot <vertelbot@example.nl>") from None
        return sender

    @field_validator("helo")
    @classmethod
    def _is_a_name(cls, helo: str) -> str:
        if helo and not re.fullmatch(r"(?!-)[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f.:IPv]+\]", helo):
            raise ValueError("it is the full name of this machine, as mail.example.nl")
        return helo


class WhatsAppSettings(Section):
    base_url: str = "https://graph.facebook.com/v25.0"
    token: SecretStr = SecretStr("")
    phone_number_id: str = Field(default="", pattern=r"^[\w-]*$")
    business_account_id: str = Field(default="", pattern=r"^[\w-]*$")
    app_secret: SecretStr = SecretStr("")
    verify_token: SecretStr = SecretStr("")
    mode: Literal["doorbell", "conversation"] = "doorbell"
    bell_template: str = Field(default="vertelbot_bel", pattern=r"^[a-z0-9_]{1,512}$")
    question_template: str = Field(default="vertelbot_vraag", pattern=r"^[a-z0-9_]{1,512}$")
    languages: Several = Field(default=["nl"])
    new_people_a_day: int = Field(default=0, ge=0)

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, languages: list[str]) -> list[str]:
        if not languages or not all(re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", e) for e in languages):
            raise ValueError("write the languages of the templates as they stand at Meta, as nl")
        return languages

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.token.get_secret_value() and not (
            self.phone_number_id
            and self.app_secret.get_secret_value()
            and self.verify_token.get_secret_value()
        ):
            raise ValueError("a token needs phone_number_id, app_secret and verify_token beside it")
        return self


class PushSettings(Section):
    subject: str = ""
    private: bool = False

    @field_validator("subject")
    @classmethod
    def _is_a_contact(cls, subject: str) -> str:
        if subject and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+|https://\S+", subject):
            raise ValueError("it begins with mailto: or https://, where a push service finds you")
        return subject


class SmsSettings(Section):
    url: str = ""
    token: SecretStr = SecretStr("")
    sender: str = ""

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^/\s?#]+(/\S*)?", url):
            raise ValueError("it begins with https:// and is the address of the gateway")
        return url

    @field_validator("sender")
    @classmethod
    def _fits(cls, sender: str) -> str:
        if sender and not re.fullmatch(r"\+?\d{3,15}|[A-Za-z0-9 ]{1,11}", sender):
            raise ValueError("it is a number, or at most 11 letters and digits")
        return sender
