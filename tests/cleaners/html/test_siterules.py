from pathlib import Path

import pytest

from cleaners.errors import ConfigError
from cleaners.html.blocks import read_blocks
from cleaners.html.chrome import change_blocks
from cleaners.html.classify import Classified
from cleaners.html.said import read_said
from cleaners.html.siterules import DomainRules, load_site_rules, select
from cleaners.metadata import read_page_data

PAGE = """<html><body><header><p>Lowmere Post</p></header>
<div class="story"><p>The bridge over the Low opened on Monday.</p>
<p class="promo"><a href="/x">Win a boat trip</a></p>
<p>Fishers had waited for years. <span class="ad">Buy nets now</span></p>
<div><span class="box">Follow us on the lake</span></div>
<aside><form><label>Your mail</label></form></aside></div>
<p><span class="when" datetime="2024-05-03">3 May</span> <b class="who">Mara Quill</b></p>
</body></html>"""

RULES = """# mine
["lowmerepost.example"]
keep = ["div.story"]
drop = [".promo", "aside:has(form)", "span.box"]
drop_text = ['^Lowmere\\s']
date = "span.when"
author = ".who"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return path


def test_selects_blocks_dates_and_authors(tmp_path: Path) -> None:
    rules = load_site_rules(_write(tmp_path, RULES)).for_url("https://www.lowmerepost.example/a")
    assert rules is not None
    document = read_blocks(PAGE)
    texts = [block.text for block in document.blocks]
    found = select(document, rules)
    assert {texts[i]: rule for i, rule in found.dropped.items()} == {
        "Lowmere Post": "drop_text ^Lowmere\\s",
        "Win a boat trip": "drop .promo",
        "Follow us on the lake": "drop span.box",
        "Your mail": "drop aside:has(form)",
    }
    assert "The bridge over the Low opened on Monday." in {texts[i] for i in found.kept}
    assert (found.dates, found.authors) == (("2024-05-03",), ("Mara Quill",))


def test_an_inline_match_does_not_take_the_prose_around_it() -> None:
    document = read_blocks(PAGE)
    found = select(document, DomainRules("x.example", drop=("span.ad",)))
    assert found.dropped == {}


def test_an_entry_of_a_menu_stands_for_the_menu() -> None:
    entries = "".join(f"<li><a href=/{word}>{word}</a></li>" for word in ("Gold", "Fish", "Nets"))
    document = read_blocks(f"<p>Before it</p><ul>{entries}</ul>")
    assert select(document, DomainRules("x.example", keep=("li",))).kept == {1}
    assert select(document, DomainRules("x.example", drop=("li",))).dropped == {1: "drop li"}


def test_changed_verdict_names_the_rule_and_stays_a_partition() -> None:
    document = read_blocks(PAGE)
    count = len(document.blocks)
    before = Classified(
        document=document,
        said=read_said(read_page_data(document.tree)),
        keep=(True,) * count,
        scores=(0.9,) * count,
        rules=("",) * count,
        stages=("",) * count,
    )
    after = change_blocks(before, {0: "drop .promo"}, frozenset({0, 1}))
    assert after.keep == (False, *(True,) * (count - 1))
    assert (after.rules[0], after.stages[0]) == ("rule:drop .promo", "rules")
    assert len(after.removals) + sum(after.keep) == count


@pytest.mark.parametrize(
    ("url", "matches"),
    [
        ("https://lowmerepost.example/a", True),
        ("https://sport.lowmerepost.example/a", True),
        ("https://notlowmerepost.example/a", False),
        ("https://example/a", False),
        (None, False),
        ("http://[broken", False),
    ],
)
def test_domains_cover_subdomains_only(tmp_path: Path, url: str | None, matches: bool) -> None:
    assert (load_site_rules(_write(tmp_path, RULES)).for_url(url) is not None) is matches


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('["a.example"]\ndrop = [\n  ".fine",\n  "div[",\n]\n', 4, "drop"),
        ('["b.example"]\ndrop = [".x"]\n["a.example"]\ndate = ">>"\n', 4, "date"),
        ('["a.example"]\ndrop_text = ["(open"]\n', 2, "drop_text"),
        ('["a.example"]\ncolour = "red"\n', 2, "colour"),
        ('["a.example"]\nkeep = 7\n', 2, "keep"),
        ('["a.example"]\nauthor = ["a", "b"]\n', 2, "author"),
        ('["a.example"]\nkeep = ["x"\n["b.example"]\n', 3, None),
        ("title = 3\n", 1, "title"),
        ('["b.example"]\ndrop = ["p"]\n# a.example\n["a.example"]\ndrop = ["p["]\n', 5, "drop"),
        ('["a.example"]\n["www.a.example"]\n', 2, "www.a.example"),
        ("[a.example]\ndrop = []\n", 1, "a"),
        ('["http://a.example/"]\ndrop = []\n', 1, "http://a.example/"),
        ('["a.example"]\ndrop_text = ["x", ""]\n', 2, "drop_text"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, text: str, line: int, key: str | None) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_site_rules(path)
    assert (caught.value.file, caught.value.line, caught.value.key) == (str(path), line, key)
    assert f"{path}:{line}:" in str(caught.value)


def test_a_file_in_another_charset_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes('["a.example"]\n# Größe\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"rules\.toml:2: is no UTF-8"):
        load_site_rules(path)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b'\xef\xbb\xbf["a.example"]\r\ndrop = ["p"]\r\n')
    assert load_site_rules(path).for_url("http://a.example/") is not None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        load_site_rules(tmp_path / "absent.toml")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    import os

    path = _write(tmp_path, RULES)
    assert load_site_rules(path).for_url("http://other.example/") is None
    path.write_text('["other.example"]\ndrop = ["p"]\n')
    os.utime(path, ns=(1, 1))
    assert load_site_rules(path).for_url("http://other.example/") is not None
