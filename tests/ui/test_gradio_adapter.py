"""What Pullquote knows of Gradio's insides stands in one module."""

import re
from pathlib import Path
from types import SimpleNamespace

from ui.gradio_adapter import sent_fields

_INSIDES = re.compile(
    r"\b_data\b|has_trigger|stop_event|gradio_api|js_on_load|mount_gradio_app|GRADIO_|_AT_ONCE|gr\.HTML"
)


def test_only_the_adapter_depends_on_the_insides() -> None:
    folder = Path(__file__).parents[2] / "ui"
    found = {path.name for path in folder.rglob("*.py") if _INSIDES.search(path.read_text(encoding="utf-8"))}
    assert found == {"gradio_adapter.py"}


def test_what_a_script_sent_are_named_fields() -> None:
    assert sent_fields(SimpleNamespace(_data={"turn": 1})) == {"turn": 1}
    assert sent_fields(SimpleNamespace(_data=["turn"])) == {}
    assert sent_fields(None) == {}
