"""Settings from the environment (PULLQUOTE_*) and from settings.toml, read once, in that order of precedence."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from index.encoder import BUNDLED

_APP = "pullquote"


class Settings(BaseSettings):
    """Every setting; each can be given as PULLQUOTE_<NAME> or as <name> in the settings file."""

    model_config = SettingsConfigDict(env_prefix="PULLQUOTE_", env_ignore_empty=True, frozen=True, extra="forbid")

    home: Path = Field(default=user_data_path(_APP, appauthor=False), description="the folder of the library")
    cache: Path = Field(default=user_cache_path(_APP, appauthor=False), description="the folder of compiled models")
    encoder: str = Field(
        default=BUNDLED, description="the sentence-transformers model: bundled, a folder, or one downloaded"
    )
    backend: Literal["openvino", "torch"] = Field(default="openvino", description="what runs the encoder")
    passages: int = Field(default=10, ge=1, le=100, description="how many passages are read for a question")
    reader: str = Field(
        default="span", description="what reads: span, sentence, or a folder that rag.training exported"
    )
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="the confidence an answer needs, 0 to 1 (default: the reader's)"
    )
    host: str = Field(default="127.0.0.1", description="the address the server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="the port the server listens on")
    token: SecretStr | None = Field(
        default=None, description="the bearer token the server asks for; needed off loopback"
    )

    @property
    def library_path(self) -> Path:
        """The library file."""
        return self.home.expanduser() / "library.sqlite"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


def settings_file() -> Path:
    """Where the settings file is looked for."""
    return user_config_path(_APP, appauthor=False) / "settings.toml"
