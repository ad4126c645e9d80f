"""The configuration, by section: `from bot.settings import Settings, load`."""

from bot.settings.channel_sections import MailSettings as MailSettings
from bot.settings.channel_sections import PushSettings as PushSettings
from bot.settings.channel_sections import SmsSettings as SmsSettings
from bot.settings.channel_sections import TelegramSettings as TelegramSettings
from bot.settings.channel_sections import WebSettings as WebSettings
from bot.settings.channel_sections import WhatsAppSettings as WhatsAppSettings
from bot.settings.sections import Backup as Backup
from bot.settings.sections import DigestSettings as DigestSettings
from bot.settings.sections import Feeds as Feeds
from bot.settings.sections import Figures as Figures
from bot.settings.sections import Guides as Guides
from bot.settings.sections import Organisation as Organisation
from bot.settings.sections import Pictures as Pictures
from bot.settings.sections import Privacy as Privacy
from bot.settings.sections import Prompts as Prompts
from bot.settings.sections import Retention as Retention
from bot.settings.sections import Speech as Speech
from bot.settings.sections import Storage as Storage
from bot.settings.settings_loading import PREFIX as PREFIX
from bot.settings.settings_loading import Settings as Settings
from bot.settings.settings_loading import SettingsError as SettingsError
from bot.settings.settings_loading import load as load
from bot.settings.settings_loading import without_secrets as without_secrets
