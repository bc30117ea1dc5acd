"""What stands beside a block's text, as columns."""

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.features import FEATURES, features
from cleaners.html.said import PageText

SAID = PageText(
    title="A bridge for Orvik",
    authors=("mara lund",),
    captions=("The old bridge in the fog of March",),
    news=True,
    language="de",
)
PAGE = """
<html><body><article>
<h1>A bridge for Orvik</h1>
<p>The town council of Orvik has decided to build a bridge over the river next year.</p>
<img src="a.jpg" alt="A crane lifts the first beam over the river">
<p>A crane lifts the first beam over the river</p>
<p><b>Read on:</b> the history of the town and of its ferries in pictures.</p>
<p><b>All of this is bold.</b></p>
<p><i>All of this is slanted.</i> </p>
<p><a href="/2031/05/orvik-ferries-last-winter.html">Orvik ferries: the last winter</a></p>
<p>These three will build it:</p>
<ul><li>the town of Orvik itself</li><li>the province</li></ul>
<p>Mara Lund is a reporter in Orvik.</p>
<p>The old bridge in the fog of March</p>
<iframe src="x"></iframe>
</article></body></html>
"""


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, float]]:
    document = read_blocks(PAGE)
    matrix, _, _ = features(document, SAID)
    return {
        block.text[:12]: dict(zip(FEATURES, map(float, row), strict=True))
        for block, row in zip(document.blocks, matrix, strict=True)
    }


@pytest.mark.parametrize(
    ("block", "name", "value"),
    [
        ("The town cou", "media_before", 0),
        ("The town cou", "media_after", 1),
        ("A crane lift", "media_before", 1),
        ("A crane lift", "since_media", 0),
        ("A crane lift", "image_pairs", 1),
        ("Mara Lund is", "image_pairs", 0),
        ("The old brid", "image_pairs", 1),
        ("Read on: the", "strong_start", 1),
        ("All of this ", "since_media", 3),
        ("Orvik ferrie", "link_end", 1),
        ("the town of ", "after_colon", 1),
        ("the province", "after_colon", 0),
        ("the province", "list_size", 2),
        ("The town cou", "list_size", -1),
        ("Mara Lund is", "starts_author", 1),
        ("Mara Lund is", "names_author", 1),
        ("The town cou", "names_author", 0),
        ("The town cou", "page_news", 1),
        ("The town cou", "page_posting", 0),
        ("The town cou", "page_english", 0),
    ],
)
def test_columns(columns: dict[str, dict[str, float]], block: str, name: str, value: float) -> None:
    assert columns[block][name] == pytest.approx(value)


def test_bold_openings_and_all_italic() -> None:
    document = read_blocks("<p><b>Bold all.</b></p><p><em>Slanted all.</em> </p><p><b>a</b> b</p>")
    matrix, _, _ = features(document, PageText())
    bold, italic = (matrix[:, FEATURES.index(name)] for name in ("strong_start", "em_all"))
    assert bold.tolist() == [1, 0, 1]
    assert italic.tolist() == [0, 1, 0]


def test_a_page_without_names_or_images_says_that_it_does_not_know() -> None:
    matrix, _, _ = features(read_blocks("<p>One line of text.</p>"), PageText())
    assert matrix[0, FEATURES.index("names_author")] == -1
    assert matrix[0, FEATURES.index("image_pairs")] == -2
