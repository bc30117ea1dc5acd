"""What an import of the package loads: engines wait for the first page that needs them."""

import subprocess
import sys

import pytest

_ENGINES = """
    bs4 chardet courlan dateparser duckdb fastwarc ftfy htmldate justext lxml.html psycopg py3langid
    pyarrow ray rensa s3fs scrapy soupsieve trafilatura twisted typer wordfreq
"""
"""Together they take a second of processor time, three times what all of the package takes."""


def _loaded(code: str) -> set[str]:
    """The modules that a new interpreter has loaded after running some code."""
    report = f"{code}\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", report], check=True, capture_output=True, text=True)
    return set(ran.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import cleaners",
        "from cleaners.clean import warm_up; warm_up()",
        "import cleaners; cleaners.clean_text('The ferry to the islands runs again. ' * 20)",
    ],
)
def test_engines_are_not_loaded_before_a_page_needs_them(code: str) -> None:
    assert not _loaded(code) & set(_ENGINES.split())


def test_engines_are_loaded_where_that_is_asked_for() -> None:
    code = "from cleaners.clean import warm_up; warm_up(rare=True)"
    assert {"py3langid", "trafilatura"} <= _loaded(code)


def test_help_loads_neither_cleaner_nor_crawler() -> None:
    loaded = _loaded("from crawler.cli import run; run(['--help'])")
    assert not loaded & {"numpy", "lxml", "cleaners.clean", "scrapy", "pyarrow"}
