"""The configuration: what can be set, its default, and a clear word when something is wrong.

It comes from `config.toml`, and from the environment as `VERTELBOT_SECTION__KEY`, which wins.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.settings.channel_sections import (
    MailSettings,
    PushSettings,
    SmsSettings,
    TelegramSettings,
    WebSettings,
    WhatsAppSettings,
)
from bot.settings.sections import (
    Backup,
    DigestSettings,
    Feeds,
    Figures,
    Guides,
    Organisation,
    Pictures,
    Privacy,
    Prompts,
    Retention,
    Speech,
    Storage,
)
from bot.validation.unicode_input import replace_surrogates

PREFIX = "VERTELBOT_"
NOT_SETTINGS = {
    "VERTELBOT_CONFIG",
    "VERTELBOT_DOMAIN",
    "VERTELBOT_CLOCK_FILE",
    "VERTELBOT_CHROMIUM",
    "VERTELBOT_REQUIRE_BROWSER",
}
"""Names in the environment that say where the settings are, or belong to the tests."""


class SettingsError(Exception):
    """The configuration is wrong; the text names every key and the mend."""


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


def without_secrets(settings: Settings) -> Settings:
    """The same for a process that talks with no channel: no token and no password in it."""
    made: dict[str, Any] = {}
    for name in Settings.model_fields:
        section = getattr(settings, name)
        blank = {key: SecretStr("") for key, value in section if isinstance(value, SecretStr)}
        made[name] = section.model_copy(update=blank)
    return Settings.model_construct(**made)


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
