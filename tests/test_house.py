"""The rules of docs/architecture.md that a machine can check."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["corpus", "index", "rag", "eval", "ui"]  # each imports only from itself and from those before it
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef

# Where heavy libraries enter, type annotations included: there and nowhere else.
DOORS = {
    "faiss": {"index.dense.vector_index", "index.dense.fast_scan", "eval.experiments.scale"}, "openvino": {"index.encoder.compiled"}, "sentence_transformers": {"index.encoder.compile"},
    "torch": {"index.encoder.compile", "rag.training.network", "rag.training.train", "rag.training.export", "rag.training.recover"},
    "transformers": {"index.encoder.compile", "rag.training.network"}, "sklearn": {"rag.training.calibrate"}, "nncf": {"index.encoder.quantise"},
    "trafilatura": {"corpus.formats.webpage", "corpus.web.feed"}, "pypdfium2": {"corpus.formats.pdf"}, "docx": {"corpus.formats.docx"},
    "pymilvus": {"index.milvus.collection"}, "mcp": {"rag.api.routes.mcp_server"}, "prometheus_client": {"rag.api.metrics"}, "limits": {"rag.api.access.rate_limit"}, "pythonjsonlogger": {"rag.api.log"},
    "ray": {"index.distributed.cluster"},
}  # fmt: skip
LAZY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "openvino",
    "gradio",
    "sklearn",
    "nncf",
    "prometheus_client",
    "limits",
    "pymilvus",
    "ray",
}
NO_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "models", "model", "types", "misc", "base"}
# Functions of more than five parameters, and why: empty is best.
MANY_PARAMETERS: set[str] = {
    "rag.settings.Settings.settings_customise_sources",  # pydantic-settings calls it
}


def name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

FOLDERS = {name(path) for path in MODULES if path.name == "__init__.py"}


def imports(module):
    """The modules that a module imports anywhere: in functions and for type checking too."""
    found = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & TREES.keys()
    return found


def functions(module):
    """Every function and method with its dotted name."""

    def below(node, prefix):
        for child in ast.iter_child_nodes(node):
            inner = f"{prefix}.{child.name}" if isinstance(child, FUNCTIONS | ast.ClassDef) else prefix
            if isinstance(child, FUNCTIONS):
                yield inner, child
            yield from below(child, inner)

    return list(below(TREES[module], module))


@pytest.mark.parametrize("module", TREES)
def test_a_package_imports_only_packages_to_its_left(module):
    place = PACKAGES.index(module.partition(".")[0])
    right = {*PACKAGES[place + 1 :], "tests"}
    assert {one for one in imports(module) if one.partition(".")[0] in right} == set()


def test_no_modules_import_each_other_in_a_circle():
    left = {module: (imports(module) & TREES.keys()) - {module, *PACKAGES} for module in TREES}
    while free := {module for module, needs in left.items() if not needs}:
        left = {module: needs - free for module, needs in left.items() if module not in free}
    assert left == {}


def room(module):
    """The folder of a module, or the module itself where its folder holds folders."""
    folder = module.rpartition(".")[0]
    return (
        module
        if any(other.startswith(f"{folder}.") and other.count(".") > module.count(".") for other in TREES)
        else folder
    )


def test_no_rooms_import_each_other_in_a_circle():
    left = {}
    for module in TREES.keys() - FOLDERS:
        needs = {room(one) for one in imports(module) & TREES.keys() - FOLDERS}
        left.setdefault(room(module), set()).update(needs - {room(module)})
    while free := {one for one, needs in left.items() if not needs}:
        left = {one: needs - free for one, needs in left.items() if one not in free}
    assert left == {}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_folder_has_at_most_20_modules(folder):
    assert sum(module.rpartition(".")[0] == folder for module in TREES.keys() - FOLDERS) <= 20


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_enters_by_its_own_door(library):
    entered = {module for module in TREES if any(one.partition(".")[0] == library for one in imports(module))}
    assert entered == DOORS[library]


@pytest.mark.parametrize("module", [module for module in TREES if not module.startswith("rag.training")])
def test_nothing_that_runs_needs_the_training(module):
    assert {one for one in imports(module) if one.startswith("rag.training")} == set()


def test_gradio_enters_the_faces_only():
    assert {
        module.partition(".")[0]
        for module in TREES
        if any(one.partition(".")[0] == "gradio" for one in imports(module))
    } <= {"ui"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_has_at_most_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", TREES)
def test_a_function_has_at_most_60_lines_and_five_parameters(module):
    for dotted, node in functions(module):
        assert node.end_lineno - node.lineno + 1 <= 60, dotted
        taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        options = sum(
            "typer." in ast.unparse(one.annotation) for one in taken if one.annotation
        )  # a command's own options
        counted = [one for one in taken if one.arg not in {"self", "cls"}]
        assert len(counted) - options <= 5 or dotted in MANY_PARAMETERS, dotted


@pytest.mark.parametrize("module", TREES)
def test_a_dataclass_is_slotted_and_what_others_see_frozen(module):
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                said = ast.unparse(decorator)
                if said.startswith(("dataclass", "dataclasses.dataclass")):
                    assert "frozen=True" in said or node.name.startswith("_"), (
                        node.name
                    )  # a parser's own state may change
                    assert "slots=True" in said, node.name


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_folders_init_holds_one_docstring(folder):
    tree = TREES[folder]
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("module", TREES)
def test_every_module_says_what_it_holds(module):
    assert (ast.get_docstring(TREES[module]) or "").partition("\n")[0]


@pytest.mark.parametrize("module", [module for module in TREES if not module.startswith("ui")])
def test_nothing_prints_but_the_faces(module):
    called = [
        node.func.id
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert "print" not in called


def test_no_module_has_a_name_that_says_nothing():
    assert {module for module in TREES if NO_NAMES & set(module.split("."))} == set()


@pytest.mark.parametrize("module", TREES)
def test_a_bare_eval_is_never_imported(module):
    plain = [alias.name for node in ast.walk(TREES[module]) if isinstance(node, ast.Import) for alias in node.names]
    assert not [one for one in plain if one == "eval" or one.startswith("eval.")]


def test_importing_a_module_loads_nothing_heavy_and_starts_nothing():
    wanted = [
        module
        for module in TREES
        if module.partition(".")[0] in {"corpus", "index", "rag"} and module not in DOORS["torch"]
    ]
    script = (
        "import importlib, json, sys, threading\n"
        f"for module in {wanted!r}: importlib.import_module(module)\n"
        f"print(json.dumps([sorted({LAZY!r} & sys.modules.keys()), threading.active_count()]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[], 1]
    assert ran.stderr == ""


def kept_files():
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for part in listed.stdout.split("\0") if part and (path := ROOT / part).is_file()]


def test_no_file_names_a_path_of_one_machine():
    paths = [f"/{folder}/".encode() for folder in ("root", "work")]
    own = re.compile(b"|".join(rb"(?<![\w.\-/:])" + re.escape(path) for path in paths))
    assert [str(path.relative_to(ROOT)) for path in kept_files() if own.search(path.read_bytes())] == []


def test_no_file_is_larger_than_a_megabyte_unless_it_is_a_model():
    large = [path for path in kept_files() if path.stat().st_size > 2**20]
    assert [
        str(path.relative_to(ROOT)) for path in large if path.relative_to(ROOT).parts[:2] != ("rag", "models")
    ] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_of_code_has_tests(package):
    assert list((ROOT / "tests" / package).glob("test_*.py"))
