import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.metadata import Surroundings, read_metadata
from cleaners.metadata.near import surroundings
from cleaners.model import Discovery, Metadata

FOLDER = Path(__file__).with_name("pages")
CASES = sorted(path.name for path in FOLDER.iterdir())


def _read(name: str) -> Metadata:
    document = read_blocks((FOLDER / name / "page.html").read_text("utf-8"))
    return read_metadata(
        document.tree,
        url="https://www.lowmerepost.example/news/2024/05/03/bridge-opens",
        around=surroundings(document.blocks),
    )


@pytest.mark.parametrize("name", CASES)
def test_page(name: str) -> None:
    expected = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
    found = _read(name)
    for key, value in expected.items():
        got = getattr(found, key)
        if isinstance(got, datetime):
            got = got.isoformat()
        elif key == "images":
            got = [[image.url, image.caption, image.credit] for image in got]
        elif isinstance(got, tuple):
            got = list(got)
        assert got == value, key


@pytest.mark.parametrize("name", CASES)
def test_every_believed_field_names_its_evidence(name: str) -> None:
    found = _read(name)
    named = {evidence.field for evidence in found.evidence}
    keys = "title authors published_at modified_at section publisher tags images is_free"
    for key in keys.split():
        assert (key in named) is (getattr(found, key) not in (None, "", ())), key
    assert all(0.0 < evidence.confidence <= 1.0 for evidence in found.evidence)


def test_the_feed_s_word_is_the_last_resort() -> None:
    document = read_blocks("<html><body><p>The lake is calm.</p></body></html>")
    at = datetime(2024, 5, 3, 9, tzinfo=UTC)
    hint = Discovery("feed", title="Lake bridge opens", published=at)
    found = read_metadata(document.tree, around=Surroundings(discovery=hint))
    assert (found.title, found.published_at) == ("Lake bridge opens", at)
    assert found.published_source == "feed"


def test_a_future_date_gives_way() -> None:
    fetched = datetime(2024, 5, 3, 12, tzinfo=UTC)
    later = (fetched + timedelta(days=90)).isoformat()
    page = f'<html><head><meta property="article:published_time" content="{later}"></head></html>'
    document = read_blocks(page)
    url = "https://lowmere.example/2024/05/03/bridge"
    around = Surroundings(fetched_at=fetched)
    found = read_metadata(document.tree, url=url, around=around)
    assert found.published_source == "url"
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2024-05-03"


def test_the_user_s_selectors_are_believed_first() -> None:
    document = read_blocks(
        '<html><head><meta name="author" content="Ida Reed">'
        '<meta name="date" content="2020-01-01"></head></html>'
    )
    around = Surroundings(ruled_dates=["3 May 2024"], ruled_authors=["By Mara Quill"])
    found = read_metadata(document.tree, around=around)
    assert found.authors == ("Mara Quill",)
    assert found.published_at is not None
    assert found.published_at.year == 2024


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<meta name=author content=", "<meta property=og:title content='", "<time>"),
                *("<h1>", "</h1>", "<script type='application/ld+json'>", "</script>", "{", "}"),
                *('"@type":"NewsArticle"', '"headline":', "<div class=byline>", "By ", "</div>"),
                *("<figure><img src=", "<figcaption>", "</figure>", "<link rel=canonical href="),
                *("2024-05-03T99:99", "'>", '"', "<p itemprop=author>", "&amp;#x0;", "\x00"),
            ]
        )
        | st.text(max_size=8),
        max_size=30,
    ),
    st.none() | st.text(max_size=30),
)
def test_any_page(parts: list[str], url: str | None) -> None:
    document = read_blocks("".join(parts))
    found = read_metadata(document.tree, url=url, around=surroundings(document.blocks))
    assert found.published_at is None or found.published_at.tzinfo is not None


def _days(head: str, body: str = "") -> tuple[str, str]:
    """The days of publication and change of a page with this head and body."""
    html = (
        f"<html><head>{head}</head><body><h1>Lake bridge opens to walkers</h1>{body}</body></html>"
    )
    document = read_blocks(html)
    found = read_metadata(document.tree, around=surroundings(document.blocks))
    day, changed = found.published_at, found.modified_at
    return str(day.date() if day else ""), str(changed.date() if changed else "")


def _ld(**fields: str) -> str:
    article = {"@type": "Article", "headline": "Lake bridge opens to walkers", **fields}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


TEXT = "<p>The harbour was closed for a week, and the ferries stayed where they were.</p>"


def test_a_system_that_stamps_each_change_as_publication_is_not_believed() -> None:
    stamped = _ld(datePublished="2024-05-03", dateModified="2024-05-03")
    assert _days(stamped, f"<p>Published 3 March 2023</p>{TEXT}")[0] == "2023-03-03"
    changed = _ld(datePublished="2024-05-03", dateModified="2024-06-03")
    assert _days(changed, f"<p>3 March 2023</p>{TEXT}")[0] == "2024-05-03"


def test_a_meta_element_by_any_name_for_publication() -> None:
    assert _days('<meta name="w-published-date" content="2024-05-03">')[0] == "2024-05-03"
    assert _days('<meta name="x:last_published" content="2024-05-03">')[0] == ""


def test_the_day_that_the_page_s_own_node_declares() -> None:
    page = {"@graph": [{"@type": "WebPage", "datePublished": "2024-05-03", "name": "Bridge"}]}
    script = f'<script type="application/ld+json">{json.dumps(page)}</script>'
    assert _days(script, f"<p>3 March 2023</p>{TEXT}")[0] == "2024-05-03"


def test_american_pages_write_the_month_first() -> None:
    date = '<meta property="article:published_time" content="03-09-2024">'
    locale = '<meta property="og:locale" content="en_US">'
    assert (_days(date)[0], _days(locale + date)[0]) == ("2024-09-03", "2024-03-09")


def test_many_days_in_microdata_are_of_teasers() -> None:
    listed = "".join(
        f'<time itemprop="datePublished" content="2024-04-0{day}"></time>' for day in range(1, 5)
    )
    meta = '<meta name="date" content="2024-05-03">'
    assert _days(meta, listed)[0] == "2024-05-03"


def test_a_date_beside_the_headline_goes_before_today_s_in_the_head_of_the_page() -> None:
    html = (
        '<html><body><p class="date">Friday, May 17, 2024</p><p>Harbour</p><p>Ships</p>'
        "<p>Sport</p><p>Weather</p><p>Shop</p><h1>Lake bridge opens to walkers</h1>"
        f"<p>03.05.2024</p>{TEXT}</body></html>"
    )
    document = read_blocks(html)
    found = read_metadata(document.tree, around=surroundings(document.blocks))
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2024-05-03"


def test_json_ld_that_a_framework_left_in_an_attribute() -> None:
    article = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Mara Quill"}}
    text = json.dumps(article).replace('"', "&quot;")
    html = (
        f'<html><head><script type="application/ld+json" children="{text}"></script></head></html>'
    )
    assert read_metadata(read_blocks(html).tree).authors == ("Mara Quill",)


def test_the_headline_is_found_by_what_the_page_declares() -> None:
    blocks = read_blocks(
        "<html><body><h1>Lowmere Post</h1><p>Mara Quill</p><p>3 March 2023</p><p>Ships</p>"
        "<p>Weather</p><p>Sport</p><h2>Lake bridge opens to walkers</h2><p>Tom Ash</p>"
        f"<p>3 May 2024</p>{TEXT}</body></html>"
    ).blocks
    near = surroundings(blocks, titles=("Lake bridge opens to walkers | Lowmere Post",))
    assert near.near_headline[near.above :][:3] == (
        "Lake bridge opens to walkers",
        "Tom Ash",
        "3 May 2024",
    )
