"""Train the line models of `cleaners.text.model` and say how well it does, cross-validated by site.

    python -m benchmarks.train_lines --data FOLDER [FOLDER …] [--trees 300] [--out cleaners/models]

A forest over single lines and a net over whole texts (`benchmarks.train_net`) are learned apart.

Every page is learned in several renderings, whole and as three tools extract it, so that the model
knows one tool's layout from another's, and its gold alone, so that it leaves clean text alone.
"""

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import renders
from benchmarks.boost import Plan, train
from benchmarks.data import GoldPage, load
from benchmarks.metrics import Overlap, overlap
from benchmarks.pages import registered
from benchmarks.train_net import NetPlan, Text
from benchmarks.train_net import train as train_net
from cleaners import gbm, models
from cleaners.gbm import Floats
from cleaners.text import context, facts, model, net, vocabulary
from cleaners.text.layout import read_paper
from cleaners.text.lines import clean_lines
from cleaners.text.model import LineModel
from cleaners.text.vocabulary import Vocabulary

FOLDS = 4
PAGES = 6
"""Pages that must have a term before it counts."""
TELLING = 0.25
"""Log-odds below which a term says too little to be kept."""
PAIRED = ("page", "flat")
"""Long renderings of one page: every other page gives the one, its neighbours the other."""
PLAN = Plan(trees=300, rate=0.08)
NET_PLAN = NetPlan()
ATTRIBUTION = (
    "Trained on WCXB (Murrough Foley 2026, CC-BY-4.0) and on news pages of the test data of "
    "flairNLP/fundus (MIT)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One rendering of one page: its lines, what is known of them, and which of them are body."""

    page: GoldPage
    number: int
    variant: str
    rendered: str
    read: context.Lines
    body: npt.NDArray[np.bool_]

    @property
    def weights(self) -> Floats:
        """Pages count alike, and lines by their words."""
        size = self.read.known.size
        gold = max(float(size[self.body].sum()), 50.0)
        return np.minimum((size + 3) / gold * 20, 5).astype(np.float32)


def samples(numbered: tuple[int, GoldPage]) -> list[Sample]:
    """All renderings of a page that have lines."""
    number, page = numbered
    text = renders.inscriptis_text(page)
    variants = {
        "page": text,
        "flat": renders.flat(text),
        "extracted": renders.trafilatura_text(page),
        "readability": renders.readability_text(page),
        "resiliparse": renders.resiliparse_text(page),
        "gold": renders.spaced(page.text),
        "dump-a": renders.dumped(text, page.text, page.title, page.id + "a"),
        "dump-b": renders.dumped(text, page.text, page.title, page.id + "b"),
    }
    made = []
    for variant, rendered in variants.items():
        paper = read_paper(rendered)
        texts = tuple(block.text for block in paper.blocks)
        if not texts:
            continue
        read = context.read(facts.read(texts), paper.layouts)
        whole = variant == "gold"
        body = np.array([True] * len(texts) if whole else renders.body_lines(texts, page.text))
        made.append(Sample(page, number, variant, rendered, read, body))
    return made


def read_samples(pages: Sequence[GoldPage]) -> list[Sample]:
    """All renderings of all pages, read in two processes."""
    with Pool(2) as pool:
        made = pool.imap(samples, list(enumerate(pages)), chunksize=16)
        return [sample for several in made for sample in several]


def fold_of(page: GoldPage, folds: int = FOLDS) -> int:
    """The fold that a page is tested in, by the owner of its site."""
    return int(hashlib.sha256(registered(page.site).encode()).hexdigest(), 16) % folds


def learned(known: Sequence[Sample]) -> Iterator[int]:
    """Indexes of the samples to learn from."""
    for index, sample in enumerate(known):
        if sample.variant not in PAIRED or PAIRED[sample.number % 2] == sample.variant:
            yield index


def count_words(known: Sequence[Sample], without: frozenset[int]) -> Vocabulary:
    """Terms by the pages that have them in the body and outside, over all folds but some."""
    inside: list[vocabulary.Keys] = []
    outside: list[vocabulary.Keys] = []
    for sample in known:
        if sample.variant != PAIRED[0] or fold_of(sample.page) in without:
            continue
        keys, line = vocabulary.terms(sample.read.known.tokens)
        inside.append(np.unique(keys[sample.body[line]]))
        outside.append(np.unique(keys[~sample.body[line]]))
    keys, index = np.unique(np.concatenate(inside + outside), return_inverse=True)
    split = sum(part.size for part in inside)
    pro = np.bincount(index[:split], minlength=keys.size)
    con = np.bincount(index[split:], minlength=keys.size)
    odds = np.log((pro + 1) / (con + 1)).astype(np.float32)
    telling = (pro + con >= PAGES) & (np.abs(odds) >= TELLING)
    return vocabulary.make(keys[telling], odds[telling])


def grow(
    known: Sequence[Sample], *, plan: Plan, notes: str = "", without: int | None = None
) -> LineModel:
    """A forest and a net over all samples, or those of all folds but one, and their vocabulary.

    Each sample sees a vocabulary that was counted without its own fold, as a new page will.
    """
    left = frozenset() if without is None else frozenset((without,))
    words = {fold: count_words(known, left | {fold}) for fold in range(FOLDS) if fold != without}
    chosen = [known[at] for at in learned(known) if fold_of(known[at].page) != without]
    tables = [context.table(s.read, words[fold_of(s.page)]) for s in chosen]
    forest = train(
        np.concatenate(tables),
        np.concatenate([sample.body for sample in chosen]).astype(np.float32),
        context.names(),
        weights=np.concatenate([sample.weights for sample in chosen]),
        plan=plan,
        notes=notes,
    )
    texts = [
        Text(net.logarithms(rows), s.read.known.size, s.body, s.weights)
        for s, rows in zip(chosen, tables, strict=True)
    ]
    beside = train_net(texts, context.names(), plan=NET_PLAN, notes=notes)
    return LineModel(forest, beside, count_words(known, left))


def write(known: Sequence[Sample], out: Path, *, plan: Plan = PLAN, notes: str = "") -> None:
    """Grow the vocabulary, the forest and the net of these samples into a folder."""
    grown = grow(known, plan=plan, notes=notes)
    vocabulary.save(grown.words, out / vocabulary.FILE)
    gbm.save(grown.forest, out / model.FILE)
    net.save(grown.net, out / model.NET_FILE)


def report(known: Sequence[Sample], sets: dict[str, set[int]], *, plan: Plan) -> None:
    """How well `clean_lines` does, rules and all, with models that saw no page of a text's site.

    A line for each rendering and data set: mean word F1, and words leaked and lost for 1,000 words
    of gold, each beside keeping all.
    """
    scores: dict[tuple[str, str], list[tuple[Overlap, Overlap]]] = {}
    for fold in range(FOLDS):
        held_out = grow(known, plan=plan, without=fold)
        for sample in known:
            if fold_of(sample.page) != fold:
                continue
            gold = sample.page.text
            cleaned = clean_lines(sample.rendered, by=held_out).text
            both = overlap(gold, cleaned), overlap(gold, sample.rendered)
            for name, numbers in sets.items():
                if sample.number in numbers:
                    scores.setdefault((sample.variant, name), []).append(both)
        print(f"fold {fold} done", flush=True)
    for (variant, name), pairs in scores.items():
        after, before = zip(*pairs, strict=True)
        print(f"{name:8} {variant:10} {_means(after)}  keep all: {_means(before)}", flush=True)


def _means(overlaps: Sequence[Overlap]) -> str:
    gold = sum(one.gold for one in overlaps) / 1000
    f1 = np.mean([one.f1 for one in overlaps])
    leaked = sum(one.leaked for one in overlaps) / gold
    lost = sum(one.lost for one in overlaps) / gold
    return f"F1 {f1:.4f} leaked {leaked:.1f} lost {lost:.1f}"


def main() -> None:
    """Train, write the forest, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=models.path("."))
    parser.add_argument("--trees", type=int, default=PLAN.trees)
    parser.add_argument("--fast", action="store_true", help="do not cross-validate")
    options = parser.parse_args()
    pages: list[GoldPage] = []
    sets: dict[str, set[int]] = {}
    for folder in options.data:
        found = [page for page in load(folder) if page.page_type == "article" and page.text]
        sets[folder.parent.name] = set(range(len(pages), len(pages) + len(found)))
        pages += found
    known = read_samples(pages)
    digest = hashlib.sha256("".join(page.id + page.text for page in pages).encode()).hexdigest()
    notes = f"{ATTRIBUTION}; {len(pages)} pages, digest {digest[:16]}"
    plan = replace(PLAN, trees=options.trees)
    options.out.mkdir(parents=True, exist_ok=True)
    write(known, options.out, plan=plan, notes=notes)
    if not options.fast:
        report(known, sets, plan=plan)


if __name__ == "__main__":
    main()
