"""Where things are and how to reach them: from the environment, or a `tracker.toml` in the current folder."""

import os
import re
import secrets
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from tracker.domain.errors import BadInput

FILE = "tracker.toml"
# What a setting should be, where that is not just a text.
WANTED = {
    "data_dir": "a folder",
    "bounces": "a folder",
    "today": "a day, such as 2026-01-31",
    "mail_per_minute": "a number of mails, such as 60",
    "mail_per_run": "a number of mails, such as 2000",
}


class Settings(BaseSettings):
    """Each field is a setting: `TRACKER_` and its name in capitals, or its name in `tracker.toml`."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", toml_file=FILE, extra="forbid", env_ignore_empty=True)

    data_dir: Path = Field(default_factory=lambda: Path.home() / ".local" / "share" / "tracker")
    database_url: SecretStr | None = None
    mail_url: SecretStr | None = None
    mail_from: str | None = None
    mail_language: str = "en"
    mail_per_minute: PositiveInt | None = None
    mail_per_run: PositiveInt | None = None
    bounces: Path | None = None
    base_url: str | None = None
    secret_key: SecretStr | None = None
    today: date | None = None

    def __init__(self) -> None:
        """Takes no values: what they are is for the environment and the file to say."""
        super().__init__()

    @property
    def database(self) -> str:
        """The database's address: as set, or a SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.expanduser().absolute() / 'tracker.db'}"

    @property
    def mail(self) -> str:
        """Where mails go: as set, or a mailbox in the data folder."""
        if self.mail_url is not None:
            return self.mail_url.get_secret_value()
        return f"maildir:{self.data_dir.expanduser().absolute() / 'mail'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file; nothing else is looked at."""
        return env_settings, TomlConfigSettingsSource(settings_cls)


def secret_key(settings: Settings) -> str:
    """The installation's secret: as set, or made once and kept in the data folder for the owner's eyes only."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    folder = settings.data_dir.expanduser()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "secret.key"
    try:
        # Whoever comes first makes it; the others read what that one wrote.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text("utf-8")


def load() -> Settings:
    """The settings; raises BadInput naming the one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        if name not in Settings.model_fields:
            known = ", ".join(Settings.model_fields)
            raise BadInput(f"{FILE} names a setting '{name}', which does not exist; there are: {known}.") from None
        wanted = WANTED.get(name, "a text")
        raise BadInput(
            f"TRACKER_{name.upper()} should be {wanted}; correct it in the environment or in {FILE}."
        ) from None
    except ValueError as error:
        raise BadInput(f"The file {FILE} cannot be read ({error}); correct it.") from None


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting: its name, its value (secrets masked), and where it came from."""
    environment = Settings.model_config["env_prefix"]
    rows = []
    sources = _sources()
    for name in Settings.model_fields:
        # The two addresses show what holds where nothing is set.
        value: Any = {"database_url": settings.database, "mail_url": settings.mail}.get(name, getattr(settings, name))
        shown = "" if value is None else masked(str(value))
        rows.append((f"{environment}{name.upper()}", shown, sources.get(name, "default")))
    return rows


def _sources() -> dict[str, str]:
    found: dict[str, str] = {}
    if Path(FILE).is_file():
        found = dict.fromkeys(tomllib.loads(Path(FILE).read_text("utf-8")), FILE)
    found |= {name: "environment" for name in Settings.model_fields if os.environ.get(f"TRACKER_{name.upper()}")}
    return found


def masked(value: str) -> str:
    """An address without its password."""
    scheme, separator, rest = value.partition("://")
    user, at, place = rest.rpartition("@")
    shown = f"{user.partition(':')[0]}:***" if ":" in user else user
    return re.sub(r"(password=)[^&]*", r"\1***", f"{scheme}{separator}{shown}{at}{place}")
