"""Where things are and how to reach them: from the environment, or a `tracker.toml` in the current folder."""

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from tracker.domain.errors import BadInput

FILE = "tracker.toml"


class Settings(BaseSettings):
    """Each field is a setting: `TRACKER_` and its name in capitals, or its name in `tracker.toml`."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", toml_file=FILE, extra="forbid", env_ignore_empty=True)

    data_dir: Path = Field(default_factory=lambda: Path.home() / ".local" / "share" / "tracker")
    database_url: SecretStr | None = None
    mail_url: SecretStr | None = None
    mail_from: str | None = None
    base_url: str | None = None
    secret_key: SecretStr | None = None
    today: date | None = None

    @property
    def database(self) -> str:
        """The database's address: as set, or a SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.expanduser().absolute() / 'tracker.db'}"

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


def load() -> Settings:
    """The settings; raises BadInput naming the one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "TRACKER_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(
            f"The setting {name} is not usable ({first['msg'].lower()}); correct it in the environment or in {FILE}."
        ) from None
    except ValueError as error:
        raise BadInput(f"The file {FILE} cannot be read ({error}); correct it.") from None


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting: its name, its value (secrets masked), and where it came from."""
    environment = Settings.model_config["env_prefix"]
    rows = []
    sources = _sources()
    for name in Settings.model_fields:
        value: Any = getattr(settings, name)
        shown = "" if value is None else str(value)
        if isinstance(value, SecretStr):
            shown = "***" if name == "secret_key" else _masked(value.get_secret_value())
        rows.append((f"{environment}{name.upper()}", shown, sources.get(name, "default")))
    return rows


def _sources() -> dict[str, str]:
    found: dict[str, str] = {}
    if Path(FILE).is_file():
        found = dict.fromkeys(tomllib.loads(Path(FILE).read_text("utf-8")), FILE)
    found |= {name: "environment" for name in Settings.model_fields if os.environ.get(f"TRACKER_{name.upper()}")}
    return found


def _masked(value: str) -> str:
    """An address without its password."""
    scheme, separator, rest = value.partition("://")
    user, at, place = rest.rpartition("@")
    shown = f"{user.partition(':')[0]}:***" if ":" in user else user
    return re.sub(r"(password=)[^&]*", r"\1***", f"{scheme}{separator}{shown}{at}{place}")
