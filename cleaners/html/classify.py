"""Which blocks of a page are the article's body.

Document ─features→ matrix ─forest→ scores ─trafilatura, where these are unsure→ kept
         ─repeats, templates→ kept
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from cleaners import gbm, models
from cleaners.errors import ModelError
from cleaners.gbm import Floats, Forest
from cleaners.html import kinds
from cleaners.html.backend import features
from cleaners.html.beside import beside
from cleaners.html.document import Document, with_paragraphs
from cleaners.html.extract import second_opinion
from cleaners.html.features import FEATURES, pair_share
from cleaners.html.layout import Layout
from cleaners.html.letters import WORD
from cleaners.html.pointers import pointers
from cleaners.html.repeats import repeated
from cleaners.html.said import PageText, read_said
from cleaners.html.state import read_state
from cleaners.html.templates import Templates
from cleaners.html.wording import Wording
from cleaners.metadata import read_page_data
from cleaners.model import Removal, Stage

MODEL = "blocks.npz"

KEEP = 0.5
"""Least score of a body block where the model is sure of the page. Cross-validated on the news set
this leaks 12.9 words per 1,000 and loses 8.7 (F1 .986); a bar of .58 on pages that call themselves
news, 12.5 and 10.8; .62, 12.3 and 11.4."""
KEEP_RARE = 0.85
"""The same for the kinds of blocks that bodies of news articles seldom have (`_rare`), on such
pages: .80 leaks .15 words more and loses .25 less; .90, .1 less and .9 more. On other pages lists
and slanted paragraphs are body."""
UNSURE = 0.15
"""Share of the expected body that is expected to be wrong, from which trafilatura is asked too. At
.12 news leaks .7 words more, at .18 it loses .6 more; articles at large differ by .0003 of F1."""
KEEP_AGREED = 0.25
"""Least score of a block that trafilatura keeps, on such a page."""
AGREED_LINKED = 0.5
"""Share of link text from which a block needs a score of its own, whatever trafilatura keeps."""
KEEP_ALONE = 0.7
"""Least score of one that it does not keep."""
REGION = 0.2
"""Score of the blocks between which trafilatura looks."""
ALL_SHARE = 0.8
"""Share of the words of what the model is sure is chrome from which trafilatura has taken a page as
it is, and is not heard: articles at large leak 1.2 words less so. From .5, news loses .9 more."""
JSON_WORDS = 80
"""Words from which an articleBody in JSON-LD can be the body of a page that shows little of it."""
JSON_SHOWN = 0.5
"""Share of it shown in the page's blocks, below which it is taken from there."""


_ITEM, _CUTLINE, _IN_CUTLINE, _ITALIC, _MEDIA, _STOP = map(
    FEATURES.index,
    ("is_li", "own_cutline", "inside_cutline", "em_all", "media_before", "ends_stop"),
)
_TITLES_SINCE = FEATURES.index("titles_since")
_TITLE_ARTICLE = FEATURES.index("title_article")


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """The verdict on each block of a document.

    `keep`, `rules`, `stages`, `scores`: one entry a block; `rules` and `stages` are empty strings
    for kept blocks. `scores`: probability 0…1 of being body, as the model sees it. `document` is
    the one that was given, or has the paragraphs of a JSON-LD articleBody behind its own blocks.
    """

    document: Document
    said: PageText
    keep: tuple[bool, ...]
    scores: tuple[float, ...]
    rules: tuple[str, ...]
    stages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body: kept blocks with a blank line between them."""
        pairs = zip(self.document.blocks, self.keep, strict=True)
        return "\n\n".join(block.text for block, keep in pairs if keep)

    @property
    def removals(self) -> tuple[Removal, ...]:
        """All other blocks, with what took them."""
        return tuple(
            Removal(block.text, rule, stage, block.index, round(1 - score, 4))
            for block, keep, rule, stage, score in zip(
                self.document.blocks, self.keep, self.rules, self.stages, self.scores, strict=True
            )
            if not keep
        )


@cache
def shipped() -> Forest:
    """The model of the package, loaded once."""
    forest = gbm.load(models.path(MODEL))
    if forest.features != FEATURES:
        raise ModelError(f"{MODEL}: made for other features; run benchmarks.train_blocks")
    return forest


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The model's view of a document: probabilities (n,), and what they were computed from.

    `least`: (n,), the score from which a block is body. `later`: (n,), whether a block stands in
    another article than the page's headline does, behind a headline of its own: pages that go on
    with the next story as the reader scrolls.
    """

    scores: Floats
    least: Floats
    later: npt.NDArray[np.bool_]
    layout: Layout
    wording: Wording

    @property
    def doubt(self) -> float:
        """Characters expected to be decided wrongly, as a share of those expected to be body."""
        wrong = np.minimum(self.scores, 1 - self.scores) * self.wording.chars
        body = float((self.scores * self.wording.chars).sum())
        return float(wrong.sum()) / max(1.0, body)


def score(document: Document, said: PageText, forest: Forest) -> Scored:
    """Probability of being body of each block of a document that has blocks."""
    matrix, layout, wording = features(document, said)
    later = (matrix[:, _TITLES_SINCE] >= 1) & (matrix[:, _TITLE_ARTICLE] == 0)
    least = np.full(len(matrix), KEEP, dtype=np.float32)
    if said.news:
        least[_rare(matrix)] = KEEP_RARE
    return Scored(forest.probability(matrix), least, later, layout, wording)


def _rare(matrix: Floats) -> npt.NDArray[np.bool_]:
    """Items of lists, captions by their names or place, and paragraphs all in italics."""
    column = matrix.T
    caption = (column[_CUTLINE] > 0) | (column[_IN_CUTLINE] > 0)
    beside_media = (column[_MEDIA] > 0) & (column[_STOP] == 0)
    found = (column[_ITEM] > 0) | caption | (column[_ITALIC] > 0) | beside_media
    return np.asarray(found, dtype=np.bool_)


def classify(
    document: Document,
    *,
    said: PageText | None = None,
    url: str | None = None,
    templates: Templates | None = None,
    forest: Forest | None = None,
) -> Classified:
    """Decide for every block of a document.

    `said` spares reading it from the tree again; `url` is needed for `templates`.
    """
    said = said or read_said(read_page_data(document.tree, url))
    if not document.blocks:
        said = _with_state(document, said, 0)
        return _from_json(document, said, None) or Classified(document, said, (), (), (), ())
    scored = score(document, said, forest or shipped())
    keep = _decide(document, scored)
    said = _with_state(document, said, int(scored.wording.words[keep].sum()))
    told = _from_json(document, said, (scored, keep))
    if told is not None:
        return told
    # On the development pages this takes 843 words of chrome and none of a body.
    rules = dict.fromkeys(map(int, np.flatnonzero(keep & scored.later)), "next-article")
    copies = repeated(keep & ~scored.later, scored.scores, scored.layout, scored.wording)
    rules.update(dict.fromkeys(copies, "repeated"))
    left = [bool(good) and index not in rules for index, good in enumerate(keep)]
    rules.update(beside(document, left, scored.wording))
    rules.update(pointers(document, left, said))
    stages = dict.fromkeys(rules, Stage.CLASSIFY)
    if templates is not None:
        for index in templates.chrome(document, url):
            if keep[index]:
                rules[index], stages[index] = "template", Stage.TEMPLATE
    kept = tuple(good and index not in rules for index, good in enumerate(keep.tolist()))
    lowered, opens = scored.wording.lowered, scored.wording.openings.tolist()
    title, model = said.title, Stage.CLASSIFY.value
    return Classified(
        document=document,
        said=said,
        keep=kept,
        scores=tuple(scored.scores.tolist()),
        rules=tuple(
            ""
            if good
            else rules.get(index)
            or kinds.kind(document, index, title=title, text=lowered[index], opens=opens[index])
            for index, good in enumerate(kept)
        ),
        stages=tuple(
            "" if good else stages[index].value if index in stages else model
            for index, good in enumerate(kept)
        ),
    )


def _decide(document: Document, scored: Scored) -> npt.NDArray[np.bool_]:
    scores = scored.scores
    if scored.doubt >= UNSURE:
        region = [int(index) for index in np.flatnonzero(scores > REGION)]
        opinion = second_opinion(document, region)
        if opinion is not None:
            share = pair_share(scored.wording, opinion)
            lines = {line.strip(" -|") for line in opinion.lower().split("\n")}
            single = np.array([text in lines for text in scored.wording.lowered])
            taken = np.where(share < 0, single, share >= 0.5)
            if _takes_all(scored, taken):
                return np.asarray(scores >= scored.least)
            agreed = taken & _may_agree(document, scored)
            asked = np.where(agreed, KEEP_AGREED, KEEP_ALONE)
            rare = scored.least == np.float32(KEEP_RARE)
            return np.asarray(scores > np.where(rare, np.maximum(asked, KEEP_RARE), asked))
    return np.asarray(scores >= scored.least)


def _takes_all(scored: Scored, taken: npt.NDArray[np.bool_]) -> bool:
    """Whether trafilatura has taken most of what the model is sure is chrome: it is lost here."""
    chrome = scored.wording.words * (scored.scores < REGION)
    return bool(chrome[taken].sum() > ALL_SHARE * chrome.sum() > 0)


def _may_agree(document: Document, scored: Scored) -> npt.NDArray[np.bool_]:
    """The blocks for which trafilatura has a say: no lists of links, nothing above the headline."""
    blocks = document.blocks
    heads = [block.index for block in blocks if block.tag == "h1"]
    first = heads[0] if len(heads) == 1 else 0
    told: npt.NDArray[np.bool_] = np.array(document.linked) < AGREED_LINKED * scored.wording.chars
    return told & (np.arange(len(blocks)) >= first)


def holds_body(document: Document, said: PageText) -> bool:
    """Whether a page's data holds a body, whatever the page shows before its scripts have run."""
    return len(WORD.findall(_with_state(document, said, 0).body)) >= JSON_WORDS


def _with_state(document: Document, said: PageText, words: int) -> PageText:
    """What the page says, with the body in its scripts where `words` of text are no body."""
    if words >= JSON_WORDS or len(WORD.findall(said.body)) >= JSON_WORDS:
        return said
    body = read_state(document.tree, said.title)
    return replace(said, body=body) if body else said


def _from_json(
    document: Document,
    said: PageText,
    found: tuple[Scored, npt.NDArray[np.bool_]] | None,
) -> Classified | None:
    """The body that the page's data holds, where the page's blocks hold little of it."""
    words = len(WORD.findall(said.body))
    if words < JSON_WORDS:
        return None
    count = len(document.blocks)
    if found is not None:
        scored, keep = found
        if scored.wording.words[keep].sum() >= JSON_SHOWN * words:
            return None
        share = np.maximum(pair_share(scored.wording, said.body), 0)
        if (share * scored.wording.words).sum() >= JSON_SHOWN * words:
            return None
    extended = with_paragraphs(document, [part for part in said.body.split("\n") if part.strip()])
    more = len(extended.blocks) - count
    scores = tuple(map(float, found[0].scores)) if found is not None else ()
    return Classified(
        document=extended,
        said=said,
        keep=(False,) * count + (True,) * more,
        scores=scores + (1.0,) * more,
        rules=tuple(kinds.kind(document, index, title=said.title) for index in range(count))
        + ("",) * more,
        stages=(Stage.CLASSIFY.value,) * count + ("",) * more,
    )
