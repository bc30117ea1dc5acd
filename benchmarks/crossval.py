"""Body extraction measured on pages that the models have not seen, beside trafilatura.

    python -m benchmarks.crossval --data FOLDER [--folds 5] [--seed 7]

Pages of one site are never on both sides: folds are made by site. F1 is the mean over pages; words
leaked and lost are per 1,000 words of gold, over all pages together and as a mean over pages.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import trafilatura

from benchmarks.metrics import Overlap, overlap
from benchmarks.pages import PageRows, data_sets, folds, read_page
from benchmarks.train_blocks import fit
from cleaners.decode import decode
from cleaners.html.classify import classify

Scores = list[tuple[PageRows, Overlap]]


def held_out(pages: Sequence[PageRows], count: int, seed: int) -> Scores:
    """Each page's overlap with its gold, cleaned by models trained on other sites' pages."""
    fold = folds([page.gold.site for page in pages], count, seed)
    scores: Scores = []
    for number in range(count):
        forest = fit([page for page, own in zip(pages, fold, strict=True) if own != number])
        for page, own in zip(pages, fold, strict=True):
            if own == number:
                text = classify(page.document, forest=forest).text
                scores.append((page, overlap(page.gold.text, text)))
    return scores


def peer(pages: Sequence[PageRows]) -> Scores:
    """The same for trafilatura."""
    scores: Scores = []
    for page in pages:
        html = decode(page.gold.html).text
        found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=False)
        text = getattr(found, "text", None) or ""
        scores.append((page, overlap(page.gold.text, text)))
    return scores


def table(name: str, scores: Scores) -> str:
    """Lines of a Markdown table: one a data set."""
    lines = []
    for data in sorted({page.data for page, _ in scores}):
        own = [score for page, score in scores if page.data == data]
        gold = sum(score.gold for score in own)
        cells = [
            f"{np.mean([score.f1 for score in own]):.4f}",
            f"{1000 * sum(score.leaked for score in own) / gold:.1f}",
            f"{1000 * sum(score.lost for score in own) / gold:.1f}",
            f"{1000 * np.mean([score.leaked / max(1, score.gold) for score in own]):.1f}",
            f"{1000 * np.mean([score.lost / max(1, score.gold) for score in own]):.1f}",
        ]
        lines.append(f"| {data} | {name} | {len(own)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def worst(scores: Scores, count: int = 10) -> str:
    """The pages with the lowest F1, with words leaked, lost and in the gold."""
    ranked = sorted(scores, key=lambda pair: pair[1].f1)[:count]
    return "\n".join(
        f"{score.f1:.3f}  leaked {score.leaked}  lost {score.lost}  gold {score.gold}  "
        f"{page.data}/{page.gold.id}"
        for page, score in ranked
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets NAME/dev")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    pages = [
        rows
        for name, golds in data_sets(options.data)
        for gold in golds
        if gold.page_type == "article" and (rows := read_page(name, gold)) is not None
    ]
    scores = held_out(pages, options.folds, options.seed)
    print("| data | by | pages | word F1 | leaked | lost | leaked, mean | lost, mean |")
    print("|---|---|---|---|---|---|---|---|")
    print(table("Winnow, held out", scores))
    print(table("trafilatura", peer(pages)))
    print("\nWorst pages:\n" + worst(scores))


if __name__ == "__main__":
    main()
