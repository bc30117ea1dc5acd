import re

from hypothesis import given
from hypothesis import strategies as st

from cleaners.html.pagefeatures import FEATURES, page_features
from cleaners.html.parse import parse
from cleaners.html.walk import walk
from cleaners.metadata import read_page_data

WORDS = ("you", "You", "YOUR", "said", "según", "сказал", "ich", "us", "bus", "price")
BORDERS = (" ", "“", "’", "-", "1", "_", "\u0301", "ö", "中", "ſ", ", ")


def counted(text: str, words: str) -> float:
    """The feature of a kind of words for a page of one paragraph."""
    tree = parse(f"<p>x {text} x</p>")
    row = page_features(walk(tree, {}), read_page_data(tree), None)[0]
    return float(row[FEATURES.index(f"words_{words}")])


@given(st.lists(st.sampled_from(WORDS + BORDERS), max_size=12).map("".join))
def test_words_are_whole_runs_of_letters(text: str) -> None:
    runs = re.findall(r"[^\W\d_]+", text.lower())
    wanted = ("you", "your", "yours", "sie", "ihr", "vous", "votre", "usted", "tu")
    # counted in 1,000 characters, of which a short page has 200
    assert round(counted(text, "second") * 0.2) == sum(map(runs.count, wanted))
    said = ("said", "según", "сказал")
    assert round(counted(text, "report") * 0.2) == sum(map(runs.count, said))
