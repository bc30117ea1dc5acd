"""The quality table: Winnow beside its peers on folders of pages with gold, in one run.

    python -m benchmarks.run --data ../shared/data [--tools winnow,trafilatura] [--out output/bench]

Takes every folder below --data that holds html/ID.html.gz and ground-truth/ID.json. Data that the
shipped model has learned from is cleaned with models grown without the page's site (see
`benchmarks.folds`). Each tool runs in processes of its own. Writes bench.md and bench.json.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.folds import is_training_data, train_folds
from benchmarks.peers import PEERS


@dataclass(frozen=True, slots=True)
class Result:
    """One tool on one data set. F1, precision and recall are means over pages; `leaked` and `lost`
    are words per 1,000 gold words over all pages together."""

    tool: str
    data: str
    pages: int
    f1: float
    precision: float
    recall: float
    leaked: float
    lost: float
    pages_per_second: float
    peak_mb: float
    errors: int
    worst: tuple[str, ...]


def data_folders(root: Path) -> list[Path]:
    """Every folder at or below `root` that holds html/ and ground-truth/."""
    found = [path.parent for path in sorted(root.rglob("ground-truth")) if path.is_dir()]
    return [folder for folder in found if (folder / "html").is_dir()]


def measure(tool: str, folder: Path, *options: str) -> Iterable[dict[str, float | str]]:
    """Run `benchmarks.measure` in a process of its own; its lines, decoded."""
    command = [sys.executable, "-m", "benchmarks.measure", tool, str(folder), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def summarise(tool: str, data: str, lines: Iterable[dict[str, float | str]]) -> Result:
    """One row of the table from the lines of `measure`."""
    lines = list(lines)
    pages = [line for line in lines if "id" in line]
    peak = max((float(line["peak_mb"]) for line in lines if "peak_mb" in line), default=0.0)
    both, gold, said = ([int(p[key]) for p in pages] for key in ("both", "gold", "predicted"))
    count = max(1, len(pages))
    f1 = [2 * b / (g + s) if g + s else 1.0 for b, g, s in zip(both, gold, said, strict=True)]
    precision = [b / s if s else float(not g) for b, g, s in zip(both, gold, said, strict=True)]
    recall = [b / g if g else float(not s) for b, g, s in zip(both, gold, said, strict=True)]
    words = max(1, sum(gold))
    seconds = sum(float(p["seconds"]) for p in pages)
    ranked = sorted(zip(f1, (str(p["id"]) for p in pages), strict=True))
    return Result(
        tool=tool,
        data=data,
        pages=len(pages),
        f1=sum(f1) / count,
        precision=sum(precision) / count,
        recall=sum(recall) / count,
        leaked=1000 * (sum(said) - sum(both)) / words,
        lost=1000 * (sum(gold) - sum(both)) / words,
        pages_per_second=len(pages) / seconds if seconds else 0.0,
        peak_mb=peak,
        errors=sum(bool(p["error"]) for p in pages),
        worst=tuple(f"{name} {score:.2f}" for score, name in ranked[:10]),
    )


def winnow(folder: Path, root: Path, out: Path) -> Result:
    """Winnow on a data set: cross-validated where its models know the pages."""
    name = folder.relative_to(root).as_posix()
    if not is_training_data(folder):
        return summarise("winnow", name, measure("winnow", folder))
    lines: list[dict[str, float | str]] = []
    for fold, models in enumerate(train_folds(root, out / "models")):
        options = ("--fold", str(fold), "--models", str(models))
        lines += measure("winnow", folder, *options)
    return summarise("winnow (cross-validated)", name, lines)


def table(results: Iterable[Result]) -> str:
    """Results as a Markdown table."""
    rows = [
        "| data | tool | pages | F1 | precision | recall | leaked /1,000 | lost /1,000 "
        "| pages/s | peak MB | errors |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows += [
        f"| {r.data} | {r.tool} | {r.pages} | {r.f1:.3f} | {r.precision:.3f} | {r.recall:.3f} "
        f"| {r.leaked:.1f} | {r.lost:.1f} | {r.pages_per_second:.0f} | {r.peak_mb:.0f} "
        f"| {r.errors} |"
        for r in results
    ]
    return "\n".join(rows) + "\n"


def main() -> None:
    """Measure all tools on all data sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tools", default=",".join(["winnow", *PEERS]))
    parser.add_argument("--out", type=Path, default=Path("output/bench"))
    options = parser.parse_args()
    folders = data_folders(options.data)
    if not folders:
        sys.exit(f"{options.data}: no folder below it holds html/ and ground-truth/")
    options.out.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    for folder in folders:
        for tool in options.tools.split(","):
            if tool == "winnow":
                results.append(winnow(folder, options.data, options.out))
            else:
                name = folder.relative_to(options.data).as_posix()
                results.append(summarise(tool, name, measure(tool, folder)))
            print(table(results[-1:]).splitlines()[-1], flush=True)
    (options.out / "bench.md").write_text(table(results), "utf-8")
    text = json.dumps([asdict(result) for result in results], indent=1)
    (options.out / "bench.json").write_text(text + "\n", "utf-8")
    print(f"\n{table(results)}\nwritten to {options.out}/bench.md and bench.json")


if __name__ == "__main__":
    main()
