"""How well copies are found: a made set with graded edits, linked as a user's output is.

    python -m benchmarks.dedup_eval [--events 300] [--out DIR]

Each event has three independent reports, which are no copies of each other, and edited copies of
the first. Precision and recall are over pairs of articles that share an origin.
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.synthetic import Press, Report, article
from cleaners.store.dataset import Dataset, RunStamp
from cleaners.stories import link

KINDS = ("changed", "cut", "reordered", "padded", "all")
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4)
FLOOR = 0.98


@dataclass(frozen=True, slots=True)
class Finding:
    """Precision and recall over pairs, and the recall of copies by (kind, share)."""

    precision: float
    recall: float
    by_edit: dict[tuple[str, float], float]


def make(events: int, seed: int = 5) -> tuple[list[Report], list[tuple[str, float]]]:
    """Reports and how each was edited; ("", 0.0) for those that were not."""
    press = Press(seed)
    reports: list[Report] = []
    edits: list[tuple[str, float]] = []
    for number in range(events):
        originals = press.event(number, 3)
        reports += originals
        edits += [("", 0.0)] * len(originals)
        for kind in press.rng.sample(KINDS, 3):
            share = press.rng.choice(SHARES)
            reports.append(press.copy(originals[0], kind, share))
            edits.append((kind, share))
    return reports, edits


def evaluate(out: Path, events: int) -> Finding:
    """Store, link and compare with what is known."""
    reports, edits = make(events)
    stamp = RunStamp("dedup-eval", datetime(2026, 12, 1, tzinfo=UTC), "0", "0")
    dataset = Dataset.open(out)
    with dataset.writer(stamp) as writer:
        for number, report in enumerate(reports):
            writer.add(article(report, number))
    link(dataset, now=stamp.cleaned_at)
    place = {}
    for row in pq.ParquetDataset(out / "articles").read(["article_id", "url"]).to_pylist():
        place[row["article_id"]] = int(row["url"].rpartition("/")[2])
    family: dict[int, int] = {}
    for row in pq.read_table(out / "stories").to_pylist():
        family[place[row["article_id"]]] = place[row["duplicate_of"] or row["article_id"]]
    return _compare(reports, edits, family)


def _compare(
    reports: list[Report], edits: list[tuple[str, float]], family: dict[int, int]
) -> Finding:
    found = _pairs([family[number] for number in range(len(reports))])
    gold = _pairs([report.origin for report in reports])
    both = found & gold
    asked: Counter[tuple[str, float]] = Counter()
    met: Counter[tuple[str, float]] = Counter()
    for pair in gold:
        edit = edits[pair[1]]
        if not edits[pair[0]][0]:
            asked[edit] += 1
            met[edit] += pair in both
    return Finding(
        precision=len(both) / max(1, len(found)),
        recall=len(both) / max(1, len(gold)),
        by_edit={edit: met[edit] / count for edit, count in asked.items()},
    )


def _pairs(labels: list[int]) -> set[tuple[int, int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        groups[label].append(number)
    return {pair for members in groups.values() for pair in combinations(members, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        finding = evaluate(asked.out or Path(temporary), asked.events)
    print(f"precision {finding.precision:.4f}  recall {finding.recall:.4f}  (floor {FLOOR})")
    for kind in KINDS:
        shares = (f"{finding.by_edit.get((kind, share), float('nan')):.3f}" for share in SHARES)
        print(f"  {kind:10} " + "  ".join(shares))
    if min(finding.precision, finding.recall) < FLOOR:
        raise SystemExit("below the floor")


if __name__ == "__main__":
    main()
