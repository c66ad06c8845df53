"""The pages of the documentation: their links, and the paths, modules, targets and commands that they name."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from corpus.file_format import SUFFIXES
from eval.metrics.measures import MEASURES
from rag.settings import Settings
from ui.commands.tree import create_cli

ROOT = Path(__file__).parents[1]
README = Path("README.md")
CARDS = {  # templates, with the folders in which `python -m rag.training card` writes README.md from them
    Path("rag/training/card.md"): Path("rag/models"),
    Path("rag/training/careful_card.md"): Path("rag/models/careful"),
}
SOURCES = {".py", ".md", ".toml", ".js", ".css", ""}


def tracked():
    """The files that are, or would be, in the repository, relative to its root."""
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout", allow_module_level=True)
    return sorted(Path(one) for one in listed.stdout.split("\0") if one and (ROOT / one).is_file())


FILES = tracked()
PAGES = [path for path in FILES if path.suffix == ".md" and path.parts[:2] != ("corpus", "articles")]
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=str)


@cache
def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def code(page):
    """The indented lines of a page, and its words in backticks."""
    return "\n".join(re.findall(r"^ {4}.+|`[^`\n]+`", text(page), re.MULTILINE))


def links(page):
    """The targets of a page's links that are no web addresses."""
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text(page)) if not re.match("[a-z]+:", target)]


def linked(page, link):
    folder = CARDS.get(page, page.parent)
    target = link.partition("#")[0]
    return (ROOT / folder / target).resolve() if target else ROOT / page


def anchors(page):
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@EACH_PAGE
def test_every_relative_link_and_anchor_resolves(page):
    for link in links(page):
        target = linked(page, link)
        assert target.exists(), link
        if "#" in link:
            assert link.partition("#")[2] in anchors(target.relative_to(ROOT)), link


@EACH_PAGE
def test_every_module_that_is_run_exists(page):
    for name in re.findall(r"python -m ([\w.]+\w)", code(page)):
        path = ROOT.joinpath(*name.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file() or name == "pytest", name


@EACH_PAGE
def test_every_make_target_exists(page):
    named = set(re.findall(r"(?:^ {4}|`)make ([\w-]+)", code(page), re.MULTILINE))
    assert named <= set(re.findall(r"^([\w-]+):", text(Path("Makefile")), re.MULTILINE))


def commands_named(page):
    """The words after `pullquote` in the code of a page: a command, and the word after it."""
    return re.findall(r"(?<!--systems )\bpullquote ([a-z]+)(?: ([a-z]+))?", code(page))


@EACH_PAGE
def test_every_command_exists(page):
    commands = get_command(create_cli()).commands
    for command, word in commands_named(page):
        assert command in commands, command
        if command == "eval" and word:
            assert word in commands["eval"].commands, word


@EACH_PAGE
def test_every_option_of_a_command_exists(page):
    for line in code(page).splitlines():
        for command, parameters in flat_commands().items():
            named = re.search(rf"\bpullquote {command}\b([^|`]*)", line)
            if named:
                assert set(re.findall(r"(?<!\w)--[a-z][\w-]*", named[1])) <= parameters | {"--help"}, line


@cache
def flat_commands():
    """The commands that do something by their full names, each with its options."""
    commands = get_command(create_cli()).commands
    inner = {f"eval {name}": command for name, command in commands["eval"].commands.items()}
    plain = {name: command for name, command in commands.items() if name != "eval"}
    return {
        name: {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        for name, command in {**plain, **inner}.items()
    }


def test_the_guides_list_every_command_setting_and_address():
    guides = ROOT / "docs" / "guides"
    listed = (guides / "command-line.md").read_text(encoding="utf-8")
    assert {name for name in flat_commands() if f"`pullquote {name}" not in listed} == set()
    listed = (guides / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `PULLQUOTE_(\w+)`", listed, re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }
    listed = (guides / "http-api.md").read_text(encoding="utf-8")
    routes = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rag" / "api" / "routes").glob("*.py"))
    served = re.findall(r"@router\.(get|post|delete)\(\s*\"([^\"]+)\"", routes)
    addresses = {f"{method.upper()} {re.sub('{.*?}', '{id}', path)}" for method, path in served}
    assert {one for one in addresses if one not in listed} == set()


def test_the_guides_list_every_format_and_measure():
    listed = text(Path("docs/guides/reading.md"))
    assert {suffix for suffix in SUFFIXES if f"`{suffix}`" not in listed} == set()
    listed = text(Path("docs/guides/metrics.md"))
    names = {re.sub(r"^success@\d+$", "success@k", name) for name in MEASURES}
    assert {name for name in names if f"`{name}`" not in listed} == set()


def test_every_setting_that_is_named_exists():
    known = {f"PULLQUOTE_{name.upper()}" for name in Settings.model_fields}
    named = {name for page in PAGES for name in re.findall(r"\bPULLQUOTE_[A-Z_0-9]+", text(page))}
    assert named <= known


def test_the_readme_shows_the_commands_to_begin_with():
    assert {"add", "ask", "serve"} <= {command for command, _ in commands_named(README)}
    assert {"serve", "test"} <= set(re.findall(r"^ {4}make ([\w-]+)", text(README), re.MULTILINE))


def test_the_readme_has_at_most_150_lines():
    assert len(text(README).splitlines()) <= 150


@EACH_PAGE
def test_every_file_that_is_named_exists(page):
    named = set(re.findall(r"(?<![\w./-])(?:corpus|index|rag|eval|ui|tests|docs)/[\w./-]*\w", code(page)))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_class_and_constant_that_the_architecture_names_exists():
    page = Path("docs/architecture.md")
    named = set(re.findall(r"`([A-Z][a-z]\w+|[A-Z]{3,})(?:\.\w+)?`", text(page)))
    code_of_packages = "\n".join(text(path) for path in FILES if path.suffix == ".py" and path.parts[0] != "tests")
    defined = set(re.findall(r"^(?:class )?([A-Z]\w+)\b(?:\(| *[:=])", code_of_packages, re.MULTILINE))
    assert named - defined == set()
    assert "AskOptions" in named


def test_every_page_that_the_code_names_exists():
    sources = [path for path in FILES if path.suffix in SOURCES]
    named = {(name, path) for path in sources for name in re.findall(r"(?<![\w/.{}])docs/[\w/-]+\.md", text(path))}
    assert {(name, path) for name, path in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("template", [one for one, folder in CARDS.items() if (ROOT / folder).is_dir()])
def test_the_card_of_a_reader_is_its_template_filled_in(template):
    kept = [re.escape(part) for part in re.split(r"\{\w+\}", text(template))]
    assert re.fullmatch("(.+)".join(kept), text(CARDS[template] / "README.md"), re.DOTALL)


def test_every_picture_is_shown():
    shown = {linked(page, link) for page in PAGES for link in links(page)}
    assert {path for path in FILES if path.parts[:2] == ("docs", "pictures") and ROOT / path not in shown} == set()


def test_every_page_is_in_the_list_of_pages():
    overview = Path("docs/README.md")
    listed = {linked(overview, link) for link in links(overview)}
    assert {page for page in PAGES if page.parts[0] == "docs" and ROOT / page not in listed} == {overview}
