"""Parts that are links and no prose: one block each, whatever is in them; prose is never in one."""

import time

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.document import Document
from cleaners.html.prune import MIN_LINKS, PROSE_CHARS

PROSE = "The harbour was closed on Monday after a crane had toppled onto the quay in the storm."
TEASERS = [f"Ferry line {number} gets new boats before the summer" for number in range(MIN_LINKS)]


def grid(entries: list[str], *, beside: str = "") -> str:
    cards = "".join(
        f'<div class="card"><span>Transport</span><h3><a href="/{n}">{entry}</a></h3>'
        f"<time>{n} May</time></div>"
        for n, entry in enumerate(entries)
    )
    return f"<div class='grid'>{beside}{cards}</div>"


def page(*parts: str) -> Document:
    article = f"<main><div><div><p>{PROSE}</p><p>{PROSE}</p></div></div></main>"
    return read_blocks(f"<body>{article}{''.join(parts)}</body>")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_a_grid_of_teasers_is_one_block_with_a_line_for_each_text() -> None:
    document = page(grid(TEASERS))
    assert texts(document)[:2] == [PROSE, PROSE]
    (block,) = document.blocks[2:]
    assert block.text.split("\n")[:3] == ["Transport", TEASERS[0], "0 May"]
    assert document.links[2] == MIN_LINKS
    assert document.linked[2] == sum(map(len, TEASERS))
    assert document.frames.tags[document.frame[2]] == "div"


def test_no_text_of_a_part_is_lost_and_none_that_nobody_reads_is_shown() -> None:
    unread = "<script>var a = 1</script><style>.b {}</style><noscript>no script</noscript>"
    document = page(grid(TEASERS, beside=unread + "<b>More</b> on ferries"))
    words = " ".join(texts(document)).split()
    assert words[-len(" ".join(TEASERS).split()) - 3 * MIN_LINKS - 3 :][:3] == [
        "More",
        "on",
        "ferries",
    ]
    assert not {"var", "script", ".b"} & set(words)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f"<p>{PROSE}</p>", id="a paragraph"),
        pytest.param(f"<b>Note</b> {PROSE}", id="text behind an element"),
        pytest.param(f"<div><span>{PROSE}</span></div>", id="text far within"),
        pytest.param("<h1>Ferries</h1>", id="the headline"),
    ],
)
def test_a_part_that_may_hold_body_is_walked(inside: str) -> None:
    shown = texts(page(grid(TEASERS, beside=inside)))
    assert set(TEASERS) <= set(shown)


def test_a_list_beside_paragraphs_is_walked() -> None:
    items = "".join(f"<li><a href='/{n}'>{entry}</a></li>" for n, entry in enumerate(TEASERS))
    body = f"<article><p>{PROSE}</p><ul>{items}</ul><p>{PROSE}</p></article>"
    assert set(TEASERS) <= set(texts(page(body)))
    wrapped = (
        f"<article><p>{PROSE}</p><div><div><ul>{items}</ul></div></div><p>{PROSE}</p></article>"
    )
    assert set(TEASERS) <= set(texts(page(wrapped)))


def test_long_links_are_no_prose() -> None:
    entries = [f"{entry} {'and then some more ' * 4}".strip() for entry in TEASERS]
    assert min(map(len, entries)) > PROSE_CHARS
    assert len(page(grid(entries)).blocks) == 3


def test_a_form_of_much_text_and_few_links_is_walked() -> None:
    rows = "".join(f"<div>Question number {n} of this form</div>" for n in range(40))
    links = "".join(f"<a href='/{n}'>{n}</a>" for n in range(MIN_LINKS))
    assert len(page(f"<section>{rows}{links}</section>").blocks) > 40


def test_pictures_in_a_part_stand_before_what_follows() -> None:
    document = page(grid(TEASERS, beside="<img><img>"), "<p>Photo: a person</p>")
    assert document.media[-2:] == (0, 2)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 20_000 + "<a>x</a>" * 9 + "y" * 99, id="links far down"),
        pytest.param(
            f"<a>{'<b>' * 5_000}" + f"</b>{PROSE}" * 5_000 + "</a>", id="prose far down in a link"
        ),
        pytest.param(
            "<div>" + f"<div><a>{'x' * 9}</a>{'y' * 50} " * 3_000, id="a miss on every level"
        ),
    ],
)
def test_hostile_nests_are_read_in_time(html: str) -> None:
    started = time.process_time()
    page(html)
    assert time.process_time() - started < 3
