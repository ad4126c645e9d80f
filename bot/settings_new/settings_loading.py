"""The configuration: what can be set, its default, and a clear word when something is wrong.

It comes from `config.toml`, and from the environment as `VERTELBOT_SECTION__KEY`, which wins.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.validation.mail_addresses import NoAddress, parse_sender
from bot.validation.unicode_input import replace_surrogates

PREFIX = "VERTELBOT_"
NOT_SETTINGS = {
    "VERTELBOT_CONFIG",
    "VERTELBOT_DOMAIN",
    "VERTELBOT_CLOCK_FILE",
    "VERTELBOT_REQUIRE_BROWSER",
}
"""Names in the environment that say where the settings are, or belong to the tests."""


class SettingsError(Exception):
    """The configuration is wrong; the text names every key and the mend."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    trusted_proxies: Annotated[list[str], NoDecode] = ["127.0.0.0/8", "::1/128"]

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", url):
            raise ValueError("it begins with https:// and is the address of the web chat")
        return url

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _are_networks(cls, proxies: list[str] | str) -> list[str]:
        """A list, or in the environment one line with commas."""
        if isinstance(proxies, str):
            proxies = [each.strip() for each in proxies.strip("[] ").split(",") if each.strip()]
        try:
            return [str(ip_network(str(each).strip("\"' "), strict=False)) for each in proxies]
        except ValueError as error:
            raise ValueError(f"{error}; it is a list of addresses and networks") from None


class Storage(Section):
    url: str = "sqlite:///data/vertelbot.db"

    @field_validator("url")
    @classmethod
    def _is_one_of_two(cls, url: str) -> str:
        if not re.match(r"sqlite:///.|(postgres|postgresql|postgresql\+psycopg)://.", url):
            raise ValueError("it begins with sqlite:/// or postgresql://")
        return url


class Privacy(Section):
    key_file: Path = Path("data/vertelbot.key")
    small_number: int = Field(default=5, ge=3)


class Backup(Section):
    folder: str = ""
    time: dt.time = dt.time(3, 0)
    keep: int = Field(default=14, ge=1, le=1000)

    @property
    def path(self) -> Path | None:
        """The folder; None when no backups are made."""
        return Path(self.folder) if self.folder else None


class Organisation(Section):
    name: str = "de Associatie Wijkteams"
    contact: str = ""
    legal_ground: str = "toestemming (AVG artikel 6 lid 1 a en artikel 9 lid 2 a)"
    recipients: str = ""


class Retention(Section):
    stories_months: int = Field(default=24, ge=1, le=120)
    draft_reminder_days: int = Field(default=2, ge=1)
    draft_days: int = Field(default=7, ge=1, le=30)
    updates_days: int = Field(default=30, ge=2)
    people_months: int = Field(default=24, ge=1, le=120)
    meetings_months: int = Field(default=12, ge=3, le=120)


class Prompts(Section):
    delay: int = Field(default=120, ge=0)
    quiet_from: dt.time = dt.time(20, 0)
    quiet_until: dt.time = dt.time(8, 0)
    evening: dt.time = dt.time(19, 30)
    tomorrow: dt.time = dt.time(9, 0)
    weekends: bool = False
    holidays: bool = False
    reminder_days: int = Field(default=3, ge=1)
    follow_up_weeks: int = Field(default=6, ge=1)
    late_days: int = Field(default=5, ge=1)
    tz: str = "Europe/Amsterdam"

    @field_validator("tz")
    @classmethod
    def _zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("no time zone goes by this name; write it as Europe/Amsterdam")
        return name

    @model_validator(mode="after")
    def _answers_are_not_quiet(self) -> Self:
        begin, end = self.quiet_from, self.quiet_until
        for name in ("evening", "tomorrow"):
            clock = getattr(self, name)
            quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
            if quiet:
                raise ValueError(f"{name} lies in the quiet hours")
        return self


class Feeds(Section):
    plain_http: bool = False
    private: bool = False


class DigestSettings(Section):
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = (
        "monday"
    )
    time: dt.time = dt.time(9, 0)


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
    languages: Annotated[list[str], NoDecode] = ["nl"]
    new_people_a_day: int = Field(default=250, ge=1)

    @field_validator("languages", mode="before")
    @classmethod
    def _are_several(cls, languages: list[str] | str) -> list[str]:
        """A list, or in the environment one line with commas."""
        if isinstance(languages, str):
            languages = [each.strip("\"' ") for each in languages.strip("[] ").split(",")]
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


class Speech(Section):
    recordings: bool = True
    model: str = ""
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    threads: int = Field(default=2, ge=1, le=64)
    max_minutes: int = Field(default=5, ge=1, le=30)
    queue: int = Field(default=100, ge=1)


class Pictures(Section):
    allowed: bool = True


class Figures(Section):
    areas: str = ""


class Guides(Section):
    overlays: str = ""


class Settings(BaseSettings):
    """All of it. Sections and keys stand, with unit and default, in `config.example.toml`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    telegram: TelegramSettings = TelegramSettings()
    web: WebSettings = WebSettings()
    storage: Storage = Storage()
    privacy: Privacy = Privacy()
    backup: Backup = Backup()
    organisation: Organisation = Organisation()
    retention: Retention = Retention()
    prompts: Prompts = Prompts()
    feeds: Feeds = Feeds()
    digest: DigestSettings = DigestSettings()
    mail: MailSettings = MailSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    push: PushSettings = PushSettings()
    sms: SmsSettings = SmsSettings()
    speech: Speech = Speech()
    pictures: Pictures = Pictures()
    guides: Guides = Guides()
    figures: Figures = Figures()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings  # neither is read
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="after")
    def _webhook_needs_an_address(self) -> Self:
        config = self.telegram
        if config.mode == "webhook" and config.token.get_secret_value() and not self.web.public_url:
            raise ValueError('mode = "webhook" needs a public_url, where Telegram can post')
        return self

    @model_validator(mode="after")
    def _whatsapp_needs_an_address(self) -> Self:
        if self.whatsapp.token.get_secret_value() and not self.web.public_url:
            raise ValueError("[whatsapp] needs a public_url, where WhatsApp can post")
        return self

    @property
    def public_url(self) -> str:
        """Where people find the web chat, without a slash at the end."""
        return (self.web.public_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")


def load(file: Path | None = None) -> Settings:
    """Read the configuration. Without `file`, `config.toml` in this folder if it is there.

    Relative paths become relative to the folder of the file. Raises SettingsError.
    """
    if file is not None and not file.is_file():
        raise SettingsError(f"{file}: no such file. Copy config.example.toml to it.")
    path = file or Path("config.toml")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    _check_environment()
    try:
        settings = FromFile()
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(path, item) for item in error.errors())) from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    return _anchored(settings, path.resolve().parent)


def _anchored(settings: Settings, folder: Path) -> Settings:
    url = settings.storage.url
    path = url.removeprefix("sqlite:///")
    if path != url and path != ":memory:" and not Path(path).is_absolute():
        url = f"sqlite:///{folder / path}"
    return settings.model_copy(
        update={
            "storage": Storage(url=url),
            "backup": _with_folder(settings.backup, folder),
            "speech": _with_model(settings.speech, folder),
            "figures": _with_areas(settings.figures, folder),
            "guides": _with_overlays(settings.guides, folder),
            "privacy": settings.privacy.model_copy(
                update={"key_file": folder / settings.privacy.key_file}
            ),
        }
    )


def _with_folder(backup: Backup, folder: Path) -> Backup:
    if not backup.folder:
        return backup
    return backup.model_copy(update={"folder": str(folder / backup.folder)})


def _with_model(speech: Speech, folder: Path) -> Speech:
    if not speech.model:
        return speech
    return speech.model_copy(update={"model": str(folder / speech.model)})


def _with_areas(figures: Figures, folder: Path) -> Figures:
    if not figures.areas:
        return figures
    return figures.model_copy(update={"areas": str(folder / figures.areas)})


def _with_overlays(guides: Guides, folder: Path) -> Guides:
    if not guides.overlays:
        return guides
    return guides.model_copy(update={"overlays": str(folder / guides.overlays)})


def _check_environment() -> None:
    """Raises SettingsError for what is no setting, or no text."""
    for name, value in os.environ.items():
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            if replace_surrogates(value) != value:
                raise SettingsError(f"{name} in the environment is no UTF-8. Write it in UTF-8.")
            section = name.removeprefix(PREFIX).partition("__")[0].lower()
            if section not in Settings.model_fields or "__" not in name:
                known = ", ".join(sorted(Settings.model_fields))
                raise SettingsError(
                    f"{name} in the environment is no setting. Write VERTELBOT_SECTION__KEY; "
                    f"sections are {known}."
                )


def _explain(file: Path, problem: ErrorDetails) -> str:
    """One wrong key in one line: where, what, and what to do."""
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        section = Settings.model_fields.get(str(problem["loc"][0]))
        names: list[str] = sorted(Settings.model_fields)
        if len(problem["loc"]) > 1 and section is not None:
            names = sorted(section.default.__class__.model_fields)
        return f"{file}: {key} is no key. Remove it, or use one of: {', '.join(names)}."
    where = f"{key} is wrong: " if key else ""
    return f"{file}: {where}{problem['msg']}. See config.example.toml."
