"""Settings from the environment (PULLQUOTE_*) and from settings.toml, read once, in that order of precedence."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from corpus.errors import PullquoteError
from index.backends import LOCAL, backend_at
from index.encoder.encoder import BUNDLED

_APP = "pullquote"
_SHORTEST_TOKEN = 16  # characters


class BadSettingsFile(PullquoteError):
    """The settings file is not to be read, or no TOML; mend it, or take it away."""

    def __init__(self, path: Path, why: Exception) -> None:
        super().__init__(f"The settings file {path} is no TOML that can be read ({why}); mend it, or take it away.")


class Settings(BaseSettings):
    """Every setting; each can be given as PULLQUOTE_<NAME> or as <name> in the settings file."""

    model_config = SettingsConfigDict(env_prefix="PULLQUOTE_", env_ignore_empty=True, frozen=True, extra="forbid")

    home: Path = Field(default=user_data_path(_APP, appauthor=False), description="the folder of the library")
    cache: Path = Field(default=user_cache_path(_APP, appauthor=False), description="the folder of compiled models")
    encoder: str = Field(
        default=BUNDLED, description="the sentence-transformers model: bundled, a folder, or one downloaded"
    )
    backend: Literal["openvino", "torch"] = Field(default="openvino", description="what runs the encoder")
    index: str = Field(
        default=LOCAL,
        description="where the index is kept: local, milvus://host:port/collection, or milvus:///folder/file.db",
    )
    index_token: SecretStr | None = Field(default=None, description="the token that Milvus asks for, if it does")
    passages: int = Field(default=10, ge=1, le=100, description="how many passages are read for a question")
    reader: str = Field(
        default="fast", description="what reads: fast, sentence, or a folder that rag.training exported"
    )
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="the confidence an answer needs, 0 to 1 (default: the reader's)"
    )
    feedback: Literal["on", "off"] = Field(
        default="on", description="whether judgements of answers count when the same question is asked again"
    )
    host: str = Field(default="127.0.0.1", description="the address the server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="the port the server listens on")
    token: SecretStr | None = Field(
        default=None, description="the bearer token the server asks for; needed off loopback"
    )

    token_sha256: str = Field(
        default="", description="in place of tokens: their SHA-256 digests in hexadecimal, with commas between them"
    )
    seconds: float = Field(default=30, gt=0, le=3600, description="how long a request may take, in seconds")
    waiting: int = Field(default=256, ge=1, le=100_000, description="how many requests may wait for their turn")
    rate: int = Field(default=3000, ge=0, description="questions and other requests a minute of one client; 0: any")
    upload_mb: int = Field(default=100, ge=1, le=10_000, description="the most megabytes that are uploaded at once")
    connections: int = Field(default=1000, ge=1, le=100_000, description="how many connections may be open at once")
    streams: int = Field(
        default=500, ge=1, le=100_000, description="how many jobs and replies of pages may be followed at once"
    )
    proxy: str = Field(
        default="", description="addresses of proxies whose X-Forwarded-For and -Proto are believed (default: loopback)"
    )
    article_characters: int = Field(
        default=10_000_000, ge=1_000, le=50_000_000, description="the most characters that an article has"
    )
    log: Literal["errors", "requests", "questions"] = Field(
        default="errors", description="what the server logs: errors, all requests, or with what was asked"
    )
    debug: bool = Field(default=False, description="whether a command shows the trace of an error")

    @field_validator("home", "cache")
    @classmethod
    def _can_be_expanded(cls, path: Path) -> Path:
        try:
            path.expanduser()
        except RuntimeError as error:
            raise ValueError("its ~ stands for no folder") from error
        return path

    @field_validator("index")
    @classmethod
    def _names_an_index(cls, index: str) -> str:
        backend_at(index)
        return index

    @field_validator("token")
    @classmethod
    def _is_secret(cls, token: SecretStr | None) -> SecretStr | None:
        """A token that can be guessed guards nothing."""
        secret = token.get_secret_value().strip() if token else ""
        if 0 < len(secret) < _SHORTEST_TOKEN:
            raise ValueError(f"it needs at least {_SHORTEST_TOKEN} characters")
        if not (secret.isascii() and secret.isprintable()):
            raise ValueError("it takes ASCII characters only, as a header holds no others")
        return token

    @field_validator("token_sha256")
    @classmethod
    def _are_digests(cls, digests: str) -> str:
        if not all(re.fullmatch("[0-9a-f]{64}", digest) for digest in _listed(digests)):
            raise ValueError("it takes SHA-256 digests of 64 hexadecimal digits, with commas between them")
        return digests

    @property
    def token_digests(self) -> frozenset[str]:
        """The SHA-256 digests of all tokens that the server takes; empty where it asks for none."""
        token = self.token.get_secret_value().strip() if self.token else ""
        own = {sha256(token.encode()).hexdigest()} if token else set()
        return frozenset({*own, *_listed(self.token_sha256)})

    @property
    def index_secret(self) -> str:
        """The token that Milvus asks for, empty where it asks for none."""
        return self.index_token.get_secret_value().strip() if self.index_token else ""

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
        path = settings_file()
        try:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)
        except (OSError, ValueError, RecursionError) as error:
            raise BadSettingsFile(path, error) from error


def _listed(digests: str) -> list[str]:
    return [digest.strip().lower() for digest in digests.split(",") if digest.strip()]


def settings_file() -> Path:
    """Where the settings file is looked for."""
    return user_config_path(_APP, appauthor=False) / "settings.toml"
