"""The rules of docs/architecture.md that a machine can check."""

import ast
import builtins
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ["corpus", "index", "rag", "eval", "ui"]  # what the wheel holds
PACKAGES = [*PRODUCT, "benchmarks"]  # each imports only from itself and from those before it
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef

# The modules that import a heavy library, for type annotations too; no other does.
HEAVY = {
    "faiss": {"index.dense.vector_index", "index.dense.fast_scan", "eval.experiments.scale"},
    "openvino": {"index.encoder.compiled", "benchmarks.peak"},
    "sentence_transformers": {"index.encoder.compile"},
    "torch": {
        "index.encoder.compile", "rag.training.network", "rag.training.train", "rag.training.export", "rag.training.recover",
        "benchmarks.checkpoint",
    },
    "transformers": {"index.encoder.compile", "rag.training.network", "benchmarks.checkpoint"},
    "sklearn": {"rag.training.calibrate"}, "nncf": {"index.encoder.quantise"},
    "trafilatura": {"corpus.formats.webpage", "corpus.web.feed"}, "pypdfium2": {"corpus.formats.pdf.characters"},
    "pymilvus": {"index.milvus.collection"}, "mcp": {"rag.api.routes.mcp_server", "rag.api.routes.mcp_stdio"}, "prometheus_client": {"rag.api.metrics"},
    "limits": {"rag.api.access.rate_limit"}, "pythonjsonlogger": {"rag.api.log"}, "ray": {"index.distributed.cluster"},
    "haystack": {"benchmarks.systems.haystack_system"}, "txtai": {"benchmarks.systems.txtai_system"},
    "llama_index": {"benchmarks.systems.llama_index_system"}, "langchain_core": {"benchmarks.systems.langchain_system"},
}  # fmt: skip
# What importing a module of the product must not load.
LAZY = set(
    "torch transformers sentence_transformers faiss openvino gradio sklearn nncf prometheus_client limits pymilvus ray".split()
)
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "models", "model", "types", "misc", "base"}
# Exception classes of ours that are no PullquoteError, and why.
OTHER_ERRORS = {
    "corpus.draft.FaultySource": "becomes a refusal of the source", "corpus.refusal.Refused": "becomes a refusal of the source",
    "corpus.web.content_encoding.BadEncoding": "becomes FetchFailed",
    "index.lexical.postings.SpoiltPostings": "has FTS5 asked instead",
    "index.milvus.address.BadIndex": "becomes part of pydantic's sentence about a setting",
    "ui.page.evaluation.evaluations._Cancelled": "ends a run",
    "rag.connection.ServiceError": "the client's own base: its status is what the service answered, if it did",
}  # fmt: skip


def name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
NODES = {module: list(ast.walk(tree)) for module, tree in TREES.items()}
FOLDERS = {name(path) for path in MODULES if path.name == "__init__.py"}


def imported(module):
    """The modules that a module imports anywhere: in functions and for type checking too."""
    found = set()
    for node in NODES[module]:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & TREES.keys()
    return found


IMPORTS = {module: imported(module) for module in TREES}


def package(module):
    return module.partition(".")[0]


def functions(module):
    """Every function and method with its dotted name."""

    def below(node, prefix):
        for child in ast.iter_child_nodes(node):
            inner = f"{prefix}.{child.name}" if isinstance(child, FUNCTIONS | ast.ClassDef) else prefix
            if isinstance(child, FUNCTIONS):
                yield inner, child
            yield from below(child, inner)

    return list(below(TREES[module], module))


def circle(needs):
    """What is left of a graph when all that needs nothing is taken away, again and again: its circles."""
    while free := {one for one, others in needs.items() if not others}:
        needs = {one: others - free for one, others in needs.items() if one not in free}
    return needs


def test_a_package_imports_only_packages_to_its_left():
    right = {one: {*PACKAGES[place + 1 :], "tests"} for place, one in enumerate(PACKAGES)}
    assert [
        (module, one) for module in TREES for one in IMPORTS[module] if package(one) in right[package(module)]
    ] == []


def test_no_modules_import_each_other_in_a_circle():
    assert circle({module: (IMPORTS[module] & TREES.keys()) - {module, *PACKAGES} for module in TREES}) == {}


def room(module):
    """The folder of a module, or the module itself where its folder holds folders."""
    folder = module.rpartition(".")[0]
    has_folders = any(other.startswith(f"{folder}.") and other.count(".") > module.count(".") for other in TREES)
    return module if has_folders else folder


def test_no_rooms_import_each_other_in_a_circle():
    needs = defaultdict(set)
    for module in TREES.keys() - FOLDERS:
        needs[room(module)] |= {room(one) for one in IMPORTS[module] & TREES.keys() - FOLDERS} - {room(module)}
    assert circle(needs) == {}


def test_the_architecture_names_each_folder_with_what_it_imports():
    table = re.findall(
        r"^\| `([\w/]+)` \|[^|]*\|([^|]*)\|$",
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    allowed = {folder.replace("/", "."): re.findall(r"[\w.]+", cell.replace("/", ".")) for folder, cell in table}
    real = {folder: set() for folder in FOLDERS if package(folder) in PRODUCT}
    for module in TREES.keys() - FOLDERS:
        folders = {one.rpartition(".")[0] for one in IMPORTS[module] & TREES.keys() - FOLDERS}
        if package(module) in PRODUCT:
            real[module.rpartition(".")[0]] |= folders - {module.rpartition(".")[0]}
    assert allowed.keys() == real.keys()
    assert {folder: found for folder, others in real.items() if (found := others - set(allowed[folder]))} == {}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_folder_has_at_most_20_modules(folder):
    assert sum(module.rpartition(".")[0] == folder for module in TREES.keys() - FOLDERS) <= 20


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_is_imported_by_its_own_modules_only(library):
    assert {module for module in TREES if library in map(package, IMPORTS[module])} == HEAVY[library]


def test_nothing_that_runs_needs_the_training():
    outside = [module for module in TREES if package(module) in PRODUCT and not module.startswith("rag.training")]
    assert [module for module in outside if any(one.startswith("rag.training") for one in IMPORTS[module])] == []


def test_gradio_is_imported_by_the_page_only():
    assert {package(module) for module in TREES if "gradio" in map(package, IMPORTS[module])} <= {"ui"}


def test_a_file_has_at_most_300_lines():
    assert [name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_a_function_has_at_most_60_lines_and_five_parameters():
    long, wide = [], []
    for dotted, node in (function for module in TREES for function in functions(module)):
        if node.end_lineno - node.lineno + 1 > 60:
            long.append(dotted)
        taken = [
            one
            for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if one.arg not in {"self", "cls"}
        ]
        options = sum("typer." in ast.unparse(one.annotation) for one in taken if one.annotation)  # of a command
        if len(taken) - options > 5:
            wide.append(dotted)
    assert long == []
    assert wide == []


CLASSES = [(module, node) for module in TREES for node in NODES[module] if isinstance(node, ast.ClassDef)]


def test_a_dataclass_is_slotted_and_what_others_see_frozen():
    for module, node in CLASSES:
        for shown in map(ast.unparse, node.decorator_list):
            if shown.startswith(("dataclass", "dataclasses.dataclass")):
                assert "frozen=True" in shown or node.name.startswith("_"), f"{module}.{node.name}"
                assert "slots=True" in shown, f"{module}.{node.name}"


def test_no_two_public_classes_have_one_name():
    places = defaultdict(list)
    for module, node in CLASSES:
        if package(module) in PRODUCT and not node.name.startswith("_"):
            places[node.name].append(module)
    assert {one: found for one, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_folders_init_is_a_docstring_of_what_lives_there_and_what_it_may_import(folder):
    assert len(TREES[folder].body) == 1
    sentences = re.findall(r"\.(?=\s|$)", ast.get_docstring(TREES[folder]) or "")
    assert len(sentences) >= 2


def test_every_module_says_what_it_holds():
    assert [module for module in TREES if not (ast.get_docstring(TREES[module]) or "").partition("\n")[0]] == []


def test_nothing_prints_but_the_command_line_and_the_page():
    calls = [(module, node.func) for module in TREES for node in NODES[module] if isinstance(node, ast.Call)]
    printing = {module for module, func in calls if isinstance(func, ast.Name) and func.id == "print"}
    assert {module for module in printing if package(module) != "ui"} == set()


def test_no_module_has_a_name_that_says_nothing():
    assert [module for module in TREES if EMPTY_NAMES & set(module.split("."))] == []


def test_a_bare_eval_is_never_imported():
    plain = [
        (module, alias.name)
        for module in TREES
        for node in NODES[module]
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert [(module, one) for module, one in plain if package(one) == "eval"] == []


def test_importing_a_module_loads_nothing_heavy_and_starts_nothing():
    product = [module for module in TREES if package(module) in {"corpus", "index", "rag"}]
    wanted = [module for module in product if module not in HEAVY["torch"] and not module.startswith("rag.training")]
    script = (
        "import importlib, json, sys, threading\n"
        f"for module in {wanted!r}: importlib.import_module(module)\n"
        f"print(json.dumps([sorted({LAZY!r} & sys.modules.keys()), threading.active_count()]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[], 1]
    assert ran.stderr == ""


def test_an_error_that_is_told_to_a_user_is_a_pullquote_error():
    built_in = {
        name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
    }
    shipped = [(module, node) for module, node in CLASSES if package(module) in PRODUCT]
    found = {
        f"{module}.{node.name}" for module, node in shipped if {ast.unparse(base) for base in node.bases} & built_in
    }
    assert found == {"corpus.errors.PullquoteError", *OTHER_ERRORS}


@pytest.fixture(scope="module")
def files():
    """Every file that is, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for part in listed.stdout.split("\0") if part and (path := ROOT / part).is_file()]


def test_no_file_names_a_path_of_one_machine(files):
    paths = [f"/{folder}/".encode() for folder in ("root", "work")]
    own = re.compile(b"|".join(rb"(?<![\w.\-/:])" + re.escape(path) for path in paths))
    assert [str(path.relative_to(ROOT)) for path in files if own.search(path.read_bytes())] == []


def test_every_document_that_a_file_names_is_in_the_repository(files):
    there = {str(path.relative_to(ROOT)) for path in files}
    named = re.compile(rb"(?<![\w/.-])(?:docs/[\w/-]+|[A-Z]{3,})\.md\b")
    missing = [
        (str(path.relative_to(ROOT)), found)
        for path in files
        for found in map(bytes.decode, named.findall(path.read_bytes()))
        if found not in there
    ]
    assert missing == []


def test_no_file_is_larger_than_a_megabyte_unless_it_is_a_model(files):
    large = [path.relative_to(ROOT) for path in files if path.stat().st_size > 2**20]
    assert [str(path) for path in large if path.parts[:2] != ("rag", "models")] == []


def test_the_wheel_holds_every_file_of_the_packages(files):
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert tools["packages"]["find"]["include"] == [f"{one}*" for one in PRODUCT]
    data = [f"{one.replace('.', '/')}/{glob}" for one, globs in tools["package-data"].items() for glob in globs]
    inside = [path.relative_to(ROOT) for path in files if path.relative_to(ROOT).parts[0] in PRODUCT]
    left_out = [path for path in inside if path.suffix != ".py" and not any(held(path, one) for one in data)]
    assert list(map(str, left_out)) == []
    assert {path.parent for path in inside if path.suffix == ".py"} == {
        Path(*folder.split(".")) for folder in FOLDERS if package(folder) in PRODUCT
    }
    assert {f"{one}/py.typed" for one in PRODUCT} <= set(map(str, inside))


def held(path, glob):
    """Whether a glob of the package data has the path; a star stands for a name, two for any folders."""
    pattern = re.escape(glob).replace(r"\*\*/", "(?:.+/)?").replace(r"\*", "[^/]+")
    return re.fullmatch(pattern, path.as_posix()) is not None


@pytest.mark.parametrize("folder", PACKAGES)
def test_every_package_has_tests(folder):
    assert list((ROOT / "tests" / folder).glob("test_*.py"))
