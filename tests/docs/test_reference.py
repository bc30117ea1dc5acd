"""The generated pages are what the code says."""

from pathlib import Path

import pytest

from cleaners.model import Reason
from crawler.reference.pages import PAGES
from crawler.reference.reasons import REASONS

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_up_to_date(name: str) -> None:
    said = "run: python -m crawler.reference"
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), said


def test_every_reason_is_explained() -> None:
    assert set(REASONS) == set(Reason)
    assert all(what.endswith(".") and todo.endswith(".") for what, todo in REASONS.values())


def test_every_setting_has_a_help() -> None:
    from crawler.config.fields import all_settings

    assert [setting.name for setting in all_settings() if not setting.help] == []
