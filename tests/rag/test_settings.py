import os

import pytest
from pydantic import ValidationError

import rag.settings
from index.encoder.encoder import BUNDLED
from rag.settings import Settings, settings_file


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """The settings file, not there yet; no PULLQUOTE_ variable is set."""
    for name in list(os.environ):
        if name.startswith("PULLQUOTE_"):
            monkeypatch.delenv(name)
    path = tmp_path / "settings.toml"
    monkeypatch.setattr(rag.settings, "settings_file", lambda: path)
    return path


def test_the_defaults_listen_on_this_machine_only():
    settings = Settings()
    assert (settings.host, settings.port, settings.token) == ("127.0.0.1", 8000, None)
    assert (settings.encoder, settings.backend, settings.passages) == (BUNDLED, "openvino", 10)
    assert (settings.reader, settings.threshold) == ("fast", None)
    assert settings.library_path == settings.home / "library.sqlite"


def test_arguments_go_before_the_environment_and_that_before_the_file(file, monkeypatch):
    file.write_text('passages = 3\nport = 3333\nhost = "::1"\n')
    monkeypatch.setenv("PULLQUOTE_PASSAGES", "4")
    monkeypatch.setenv("PULLQUOTE_PORT", "4444")
    settings = Settings(port=5555)
    assert (settings.host, settings.passages, settings.port) == ("::1", 4, 5555)


def test_an_empty_variable_is_not_set(monkeypatch):
    for name in ("HOME", "TOKEN", "THRESHOLD", "PORT"):
        monkeypatch.setenv(f"PULLQUOTE_{name}", "")
    settings = Settings()
    assert settings.home.is_absolute()
    assert (settings.token, settings.threshold, settings.port) == (None, None, 8000)


@pytest.mark.parametrize(("name", "value"), [
    ("port", "65536"), ("port", "-1"), ("port", "http"), ("passages", "0"), ("passages", "101"), ("backend", "cuda"), ("threshold", "high"),
    ("threshold", "-0.01"), ("threshold", "1.01"), ("threshold", "nan"),
])  # fmt: skip
def test_a_value_out_of_bounds_names_its_setting(file, monkeypatch, name, value):
    monkeypatch.setenv(f"PULLQUOTE_{name.upper()}", value)
    with pytest.raises(ValidationError) as error:
        Settings()
    assert [fault["loc"] for fault in error.value.errors()] == [(name,)]


@pytest.mark.parametrize("value", ["0", "1", "0.25"])
def test_a_threshold_is_a_confidence(monkeypatch, value):
    monkeypatch.setenv("PULLQUOTE_THRESHOLD", value)
    assert Settings().threshold == float(value)


def test_the_reader_is_a_name_or_a_folder(monkeypatch):
    monkeypatch.setenv("PULLQUOTE_READER", "~/readers/mine")
    assert Settings().reader == "~/readers/mine"


def test_a_setting_that_does_not_exist_is_refused_in_the_file(file):
    file.write_text("treshold = 0.5\n")
    with pytest.raises(ValidationError) as error:
        Settings()
    assert error.value.errors()[0]["loc"] == ("treshold",)


@pytest.mark.parametrize("token", ["x" * 15, "пароль-пароль-пароль", "sixteen\x07characters"])
def test_a_token_that_guards_nothing_or_that_no_header_holds_is_refused(monkeypatch, token):
    monkeypatch.setenv("PULLQUOTE_TOKEN", token)
    with pytest.raises(ValidationError, match=r"at least 16 characters|ASCII characters only"):
        Settings()


def test_tokens_may_be_given_as_digests(monkeypatch):
    one, two = "a" * 64, "B" * 64
    monkeypatch.setenv("PULLQUOTE_TOKEN_SHA256", f"{one}, {two.lower()}")
    assert Settings().token_digests == {one, two.lower()}
    monkeypatch.setenv("PULLQUOTE_TOKEN", "do-not-show-this-one")
    assert len(Settings().token_digests) == 3
    monkeypatch.setenv("PULLQUOTE_TOKEN_SHA256", "do-not-show-this-one")
    with pytest.raises(ValidationError, match="64 hexadecimal digits"):
        Settings()


def test_the_token_is_not_shown(monkeypatch):
    monkeypatch.setenv("PULLQUOTE_TOKEN", "do-not-show-this-one")
    assert "do-not-show" not in f"{Settings()!r} {Settings()}"
    assert Settings().token.get_secret_value() == "do-not-show-this-one"


def test_a_home_folder_may_be_written_with_a_tilde(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULLQUOTE_HOME", "~/library")
    assert Settings().library_path == tmp_path / "library" / "library.sqlite"


def test_settings_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


def test_the_settings_file_is_in_the_users_own_folder():
    assert settings_file().parts[-2:] == ("pullquote", "settings.toml")
    assert settings_file().is_absolute()
