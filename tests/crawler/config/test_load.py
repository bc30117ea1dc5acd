"""winnow.toml: what it gives, what overrides it, and what its errors name."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.errors import ConfigError
from crawler.config import find_settings, load_settings

GOOD = """\
out = "data"            # a comment
workers = 3

[clean]
min_words = 40

[politeness]
delay = 2

[search]
gdelt = "http://127.0.0.1:9/gdelt"

[stories.ferry]
seeds = ["seeds/"]
sites = ["https://harbour.example/"]
schedule = "every 6 hours"

[sites."old town"]
urls = ["https://old.example/"]
limit = 50
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "winnow.toml"
    path.write_text(text)
    return path


def test_a_whole_file(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD)
    settings = load_settings(path, {})
    assert (settings.out, settings.workers) == ("data", 3)
    assert settings.clean.min_words == 40
    assert settings.politeness.delay == 2.0
    assert settings.endpoints == (("gdelt", "http://127.0.0.1:9/gdelt"),)
    assert [(job.name, job.kind, job.schedule) for job in settings.jobs] == [
        ("ferry", "story", "every 6 hours"),
        ("old town", "site", None),
    ]
    assert settings.origins["clean.min_words"].place == f"{path}:5"


def test_defaults_without_a_file() -> None:
    settings = load_settings(None, {})
    assert settings.out == "output"
    assert settings.file is None
    assert not settings.origins


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    environment = {
        "WINNOW_OUT": "there",
        "WINNOW_CLEAN_MIN_WORDS": "7",
        "WINNOW_CRAWL_BROWSER": "yes",
    }
    settings = load_settings(_write(tmp_path, GOOD), environment)
    assert (settings.out, settings.clean.min_words, settings.crawl.browser) == ("there", 7, True)
    assert settings.origins["clean.min_words"].place == "WINNOW_CLEAN_MIN_WORDS"


def test_a_variable_that_sets_nothing_is_a_warning() -> None:
    [warning] = load_settings(None, {"WINNOW_CLEAN_MIN_WORD": "7"}).warnings
    assert "did you mean 'WINNOW_CLEAN_MIN_WORDS'" in warning


WRONG: list[tuple[str, str, int | None, str]] = [
    ("no TOML", "out = \n", 1, "not TOML"),
    ("unknown section", "[claen]\nmin_words = 3\n", 1, "did you mean 'clean'"),
    ("unknown key", "[clean]\n\nmin_word = 3\n", 3, "did you mean 'min_words'"),
    ("wrong type", '[clean]\nmin_words = "3"\n', 2, "expected a whole number, found '3'"),
    ("a float for a whole number", "[clean]\nmin_words = 3.5\n", 2, "whole number"),
    ("a flag for a number", "[politeness]\ndelay = true\n", 2, "expected a number"),
    ("out of range", "[clean]\n\nmin_words = -3\n", 3, "must not be negative"),
    ("a section as a value", "clean = 3\n", 1, "write [clean]"),
    ("a story without seeds", "[stories.a]\nsites = ['x']\n", 1, "needs seeds"),
    ("a story without places", "[stories.a]\nseeds = ['x']\n", 1, "name sites"),
    ("a service", "[stories.a]\nseeds = ['x']\nsearch = ['gdlt']\n", 3, "not one of gdelt"),
    ("a site without urls", "[sites.a]\nlimit = 3\n", 1, "needs urls"),
    ("a schedule", "[sites.a]\nurls = ['x']\nschedule = 'now and then'\n", 3, "is no schedule"),
    ("a list of numbers", "[sites.a]\nurls = [3]\n", 2, "list of texts"),
    ("twice", "[sites.a]\nurls=['x']\n[stories.a]\nseeds=['x']\nsites=['x']\n", 1, "used twice"),
    ("a name of two lines", '[sites."a\\nb"]\nurls = ["x"]\n', 1, "one line"),
    ("an endpoint", "[search]\ngdelt = 'ftp://x'\n", 2, "http"),
    ("an event", "[notify]\non = ['failures']\n", 2, "failure, silence"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"), [pytest.param(*case[1:], id=case[0]) for case in WRONG]
)
def test_errors_name_file_line_and_key(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path, {})
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert caught.value.line == line


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="WINNOW_CLEAN_MIN_WORDS: expected a whole number"):
        load_settings(None, {"WINNOW_CLEAN_MIN_WORDS": "many"})
    with pytest.raises(ConfigError, match=r"WINNOW_CLEAN_MIN_WORDS: .*negative"):
        load_settings(None, {"WINNOW_CLEAN_MIN_WORDS": "-1"})


def test_which_file_is_read(tmp_path: Path) -> None:
    assert find_settings(None, {}, tmp_path) is None
    here = _write(tmp_path, GOOD)
    other = tmp_path / "other.toml"
    other.write_text("")
    assert find_settings(None, {}, tmp_path) == here
    assert find_settings(None, {"WINNOW_CONFIG": str(other)}, tmp_path) == other
    assert find_settings(other, {"WINNOW_CONFIG": "x"}, tmp_path) == other
    with pytest.raises(ConfigError, match="winnow init"):
        find_settings(tmp_path / "none.toml", {}, tmp_path)


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("config") / "winnow.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    message = str(path)
    with contextlib.suppress(ConfigError):
        try:
            load_settings(path, {})
        except ConfigError as error:
            message = str(error)
            raise
    assert str(path) in message
