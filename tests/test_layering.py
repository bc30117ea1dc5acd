"""Who may import whom, as the design draws it: read from the imports themselves."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("cleaners", "crawler")
MAX_LINES = 400

LAYERS: tuple[tuple[str, ...], ...] = (
    ("cleaners.version", "cleaners.errors", "cleaners.model", "cleaners.models"),
    (
        "cleaners.config",
        "cleaners.charsets",
        "cleaners.binary",
        "cleaners.langmodel",
        "cleaners.audit",
        "cleaners.gbm",
    ),
    ("cleaners.text", "cleaners.decode", "cleaners.language"),
    ("cleaners.html", "cleaners.metadata"),
    ("cleaners.clean",),
    ("cleaners.dedup", "cleaners.related"),
    ("cleaners.store",),
    ("cleaners.scale", "cleaners.inputs", "cleaners.stories"),
    ("cleaners.report", "cleaners"),
    ("crawler",),
    ("crawler.commands",),
    ("crawler.cli",),
    ("crawler.__main__", "crawler.reference"),
)
"""From the ground up. A unit imports from its own layer and those below it, never from above."""

FOUNDATIONS = {"numpy", "lxml", "bs4", "pyarrow", "scrapy", "twisted", "zope", "typer", "rich"}
"""Third-party packages that whole layers are written in, and bs4, of which two parts are used apart
(its charset detector and its trees); each stays within the places below."""
PLACES = {
    "scrapy": ("crawler.",),
    "twisted": ("crawler.",),
    "zope": ("crawler.",),
    "typer": ("crawler.cli.", "crawler.commands.", "crawler.reference."),
    "rich": ("crawler.terminal", "crawler.commands.", "cleaners.report."),
    "pyarrow": ("cleaners.store.", "cleaners.inputs.", "cleaners.scale.", "cleaners.stories",
                "cleaners.dedup.", "cleaners.report.", "crawler."),
    "bs4": ("cleaners.decode.", "cleaners.html.siterules."),
    "lxml": ("cleaners.html.", "cleaners.metadata.", "crawler.discovery."),
}  # fmt: skip


def modules() -> dict[str, Path]:
    """All modules of both packages by their dotted names."""
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = file
    return found


MODULES = modules()


def imports(module: str) -> Iterator[str]:
    """Dotted names of what a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def unit(module: str) -> str:
    """The part of a package that a module belongs to, as LAYERS names them."""
    name = ".".join(module.split(".")[:2])
    if name.startswith("crawler"):
        return name if any(name in names for names in LAYERS) else "crawler"
    return name


def layer(name: str) -> int:
    found = [at for at, names in enumerate(LAYERS) if name in names]
    assert found, f"{name} has no place in LAYERS"
    return found[0]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_from_its_own_layer_and_below(module: str) -> None:
    above = [
        name
        for name in imports(module)
        if name.split(".")[0] in PACKAGES and layer(unit(name)) > layer(unit(module))
    ]
    assert above == []


def test_units_do_not_import_each_other_in_a_circle() -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        for name in imports(module):
            if name.split(".")[0] in PACKAGES and unit(name) != unit(module):
                graph[unit(module)].add(unit(name))
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_cleaners_know_no_crawler() -> None:
    for module in MODULES:
        if module.startswith("cleaners"):
            tops = {name.split(".")[0] for name in imports(module)}
            assert not tops & {"crawler", "scrapy", "twisted", "examples", "benchmarks", "tests"}


def test_each_engine_has_one_importer() -> None:
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        for name in imports(module):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top not in PACKAGES:
                importers[top].add(module)
    several = {
        engine: sorted(users)
        for engine, users in importers.items()
        if engine not in FOUNDATIONS and len(users) > 1
    }
    assert several == {}
    for package, places in PLACES.items():
        strays = [m for m in importers[package] if not f"{m}.".startswith(places)]
        assert strays == [], package


def test_no_source_file_is_over_the_limit() -> None:
    folders = (*PACKAGES, "tests", "benchmarks", "examples")
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines())
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
    }
    assert {name: count for name, count in lengths.items() if count > MAX_LINES} == {}
