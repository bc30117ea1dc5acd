"""Fit the weights of cleaners/related/score.py and print them as Python.

    python -m benchmarks.train_related [--data ../shared/data/news/dev]

Trains on the tuning half of related_stories.jsonl: each telling of a story as a seed against every
other text of the half. With --data, the odd and even paragraphs of each real page are two tellings
of one story, and those of other pages in its language are not: that is what keeps long texts apart.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.data import load
from benchmarks.related_eval import Text, pairs, stories
from cleaners.language import detect
from cleaners.related.gist import read_gist
from cleaners.related.match import agree, target_of
from cleaners.related.profile import profile
from cleaners.related.score import evidence, gap_days

OTHER_LANGUAGE = (
    "focus",
    "core",
    "name_mass",
    "numbers",
    "fields",
    "close",
    "close_core",
    "close_mass",
    "core_and_fields",
)
REAL_WEIGHT = 0.5  # halves of one text are no two tellings: they count less
POSITIVE_WEIGHT = 2.0  # for each story there are many more texts that do not belong
PAIR_WEIGHT = 0.5  # as there are more pairs of seeds than seeds
RAISED = 0.4  # added to the bias of SAME_LANGUAGE: the tuning half loses one telling less for it
MIN_PARAGRAPHS = 6


def halves(folder: Path) -> Iterator[tuple[Text, Text]]:
    """Each long page of a data set as two texts: its odd and its even paragraphs."""
    for page in load(folder):
        paragraphs = [line for line in page.text.split("\n") if line.strip()]
        if len(paragraphs) < MIN_PARAGRAPHS or len(page.text) < 2_500:
            continue
        language = detect(page.text)[0] or "en"
        odd = Text(
            page.id, "real", page.id, language, None, page.title, "\n".join(paragraphs[0::2])
        )
        yield odd, replace(odd, title=None, text="\n".join(paragraphs[1::2]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    rows: dict[bool, list[tuple[dict[str, float], bool, float]]] = {False: [], True: []}
    tuning = [text for text in stories() if text.half == "tune"]
    for count, weight in ((1, 1.0), (2, PAIR_WEIGHT)):
        for seed, other, seen in pairs(tuning, count):
            same = seed.story == other.story
            rows[seed.language != other.language].append((seen, same, weight))
    if arguments.data:
        real = list(halves(arguments.data))
        for odd, _ in real:
            story = profile([odd.seed()])[0]
            target = target_of(story)
            for _, even in real:
                if even.language == odd.language:
                    agreement = agree(target, read_gist(even.title, even.text, even.language))
                    seen = evidence(agreement, gap_days(story, None))
                    rows[False].append((seen, even.id == odd.id, REAL_WEIGHT))
    for foreign, title in ((False, "SAME_LANGUAGE"), (True, "OTHER_LANGUAGE")):
        names = OTHER_LANGUAGE if foreign else tuple(rows[False][0][0])
        x = np.array([[seen[name] for name in names] for seen, _, _ in rows[foreign]])
        y = np.array([same for _, same, _ in rows[foreign]])
        weights = np.array([w * (POSITIVE_WEIGHT if same else 1.0) for _, same, w in rows[foreign]])
        model = LogisticRegression(C=1.0, max_iter=5_000).fit(x, y, sample_weight=weights)
        bias = model.intercept_[0] + (0.0 if foreign else RAISED)
        print(f'{title}: Mapping[str, float] = {{\n    "bias": {bias:.2f},')
        for name, value in zip(names, model.coef_[0], strict=True):
            print(f'    "{name}": {value:.2f},')
        print("}")


if __name__ == "__main__":
    main()
