"""The quality table: Winnow beside its peers on folders of pages with gold, in one run.

    python -m benchmarks.run --data ../shared/data [--tools winnow,trafilatura] [--out output/bench]

Takes every folder below --data that holds html/ID.html.gz and ground-truth/ID.json. Measured are
bodies from HTML with title, authors and day; plain text that inscriptis rendered; text that
trafilatura has extracted already; and article or not over all kinds of page. Data that the shipped
models have learned from is cleaned with models grown without the page's site (`benchmarks.folds`).
Each tool runs in a process of its own. Writes bench.md and bench.json.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.judged import Judged, KindJudged
from benchmarks.measure import AS_IS, GIVEN
from benchmarks.peers import PEERS
from benchmarks.table import KindResult, Result, markdown, summarise, summarise_kinds

TRACKS = (*GIVEN, "kinds")
_LINE_TRACKS = frozenset(GIVEN) - {"page"}  # what line models are grown for


def data_folders(root: Path) -> list[Path]:
    """Every folder at or below `root` that holds html/ and ground-truth/."""
    found = [path.parent for path in sorted(root.rglob("ground-truth")) if path.is_dir()]
    return [folder for folder in found if (folder / "html").is_dir()]


def measure(tool: str, folder: Path, *options: str) -> Iterator[dict[str, object]]:
    """Run `benchmarks.measure` in a process of its own; its lines, decoded."""
    command = [sys.executable, "-m", "benchmarks.measure", tool, str(folder), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    yield from (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def result(tool: str, data: str, given: str, lines: Iterable[dict[str, object]]) -> Result:
    """One row of the table from the lines of `measure`."""
    lines = list(lines)
    pages = [Judged(**line) for line in lines if "id" in line]  # type: ignore[arg-type]
    peak = max((float(str(line["peak_mb"])) for line in lines if "peak_mb" in line), default=0.0)
    return summarise(tool, data, given, pages, peak)


class Bench:
    """The measurements over one root of data sets; models of folds are grown when first needed."""

    def __init__(self, root: Path, out: Path, tracks: Sequence[str] = TRACKS) -> None:
        self.root, self.out = root, out
        self._lines = not _LINE_TRACKS.isdisjoint(tracks)
        self._grown: list[Path] | None = None

    def winnow(self, folder: Path, *options: str) -> tuple[str, list[dict[str, object]]]:
        """Winnow's name in the table and its lines: cross-validated where it knows the pages."""
        from benchmarks.folds import is_training_data, train_folds  # brings what grows models

        if not is_training_data(folder):
            return "winnow", list(measure("winnow", folder, *options))
        if self._grown is None:
            print("growing models without each fold's sites (kept for the next run) …", flush=True)
            self._grown = train_folds(self.root, self.out / "models", lines=self._lines)
        lines = [
            line
            for fold, models in enumerate(self._grown)
            for line in measure(
                *("winnow", folder, "--fold", str(fold), "--models", str(models)), *options
            )
        ]
        return "winnow (cross-validated)", lines

    def texts(self, folder: Path, given: str, tools: Sequence[str]) -> Iterator[Result]:
        """One row a tool; where text is given, Winnow beside the text as it is."""
        data = folder.relative_to(self.root).as_posix()
        for tool in tools if given == "page" else [t for t in tools if t == "winnow"] + [AS_IS]:
            if tool == "winnow":
                name, lines = self.winnow(folder, "--given", given)
            else:
                name, lines = tool, list(measure(tool, folder, "--given", given))
            yield result(name, data, given, lines)

    def kinds(self, folder: Path) -> KindResult | None:
        """Article or not; None where the folder has articles only."""
        name, lines = self.winnow(folder, "--kinds")
        pages = [KindJudged(**line) for line in lines]  # type: ignore[arg-type]
        if all(page.article for page in pages):
            return None
        return summarise_kinds(name, folder.relative_to(self.root).as_posix(), pages)


def main() -> None:
    """Measure all tools on all data sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tools", default=",".join(["winnow", *PEERS]))
    parser.add_argument("--tracks", default=",".join(TRACKS), help="parts of the table")
    parser.add_argument("--out", type=Path, default=Path("output/bench"))
    options = parser.parse_args()
    folders = data_folders(options.data)
    if not folders:
        sys.exit(f"{options.data}: no folder below it holds html/ and ground-truth/")
    tracks, tools = options.tracks.split(","), options.tools.split(",")
    for asked, named, there in (("tracks", tracks, TRACKS), ("tools", tools, ("winnow", *PEERS))):
        if unknown := sorted(set(named) - set(there)):
            sys.exit(f"--{asked}: there is no {unknown[0]!r}, but {', '.join(there)}")
    options.out.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.data, options.out, tracks)
    results: list[Result] = []
    kinds: list[KindResult] = []
    for given in (track for track in GIVEN if track in tracks):
        for folder in folders:
            for row in bench.texts(folder, given, tools):
                results.append(row)
                print(markdown([row], []).splitlines()[-1], flush=True)
    if "kinds" in tracks and "winnow" in tools:
        kinds = [found for folder in folders if (found := bench.kinds(folder)) is not None]
    (options.out / "bench.md").write_text(markdown(results, kinds), "utf-8")
    text = json.dumps(
        {"texts": [asdict(row) for row in results], "kinds": [asdict(row) for row in kinds]},
        indent=1,
    )
    (options.out / "bench.json").write_text(text + "\n", "utf-8")
    print(f"\n{markdown(results, kinds)}\nwritten to {options.out}/bench.md and bench.json")


if __name__ == "__main__":
    main()
