"""Fuzzing with atheris (libFuzzer): seeds, mutations that reach new code, findings kept.

    python -m benchmarks.fuzz html feed --minutes 10 --findings FOLDER

A target is run in a process of its own; when that dies (a crash of a C library, a hang, too much
memory) it is started again for what is left of the time. Each distinct finding is kept as a file
in FOLDER/TARGET: put it into tests/hostile/found/ and mend it. Exit code 1 when there are any.
Needs the extra `fuzz`.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz.seeds import SEEDS, write_seeds

HANG_SECONDS = 30
"""An input that takes longer ends the process and is a finding."""
MEMORY_MB = 2_500
"""Likewise one at which the process holds more; the models and libraries take 300."""
MAX_BYTES = 40_000
"""Of an input: what larger ones do is a matter of the cases in tests/hostile."""
_RUNS = re.compile(r"^#(\d+)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one target."""

    target: str
    seconds: float
    runs: int
    corpus: int
    """Inputs that reach code which no other reaches."""
    findings: tuple[str, ...]


def fuzz(target: str, *, seconds: float, findings: Path) -> Fuzzed:
    """Fuzz one target for so long, in as many processes as that takes."""
    kept = findings / target
    kept.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    runs = 0
    with tempfile.TemporaryDirectory(prefix="winnow-fuzz-") as folder:
        corpus = Path(folder)
        write_seeds(target, corpus)
        while (left := seconds - (time.monotonic() - begun)) > 1:
            runs += _run(target, corpus, kept, left)
        size = sum(1 for _ in corpus.iterdir())
    found = tuple(sorted(path.name for path in kept.iterdir() if path.suffix != ".why"))
    return Fuzzed(target, time.monotonic() - begun, runs, size, found)


def _run(target: str, corpus: Path, kept: Path, seconds: float) -> int:
    """One process; how many inputs it tried."""
    command = [sys.executable, "-m", "benchmarks.fuzz.process", target, str(kept), str(corpus)]
    command += [f"-max_total_time={max(1, int(seconds))}", f"-timeout={HANG_SECONDS}"]
    command += [f"-rss_limit_mb={MEMORY_MB}", f"-max_len={MAX_BYTES}", "-len_control=20"]
    command += [f"-artifact_prefix={kept}/"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    counts = [int(count) for count in _RUNS.findall(done.stderr)]
    if not counts:
        raise RuntimeError(f"{target} did not start:\n{done.stderr[-2_000:]}")
    return counts[-1]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(SEEDS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args(arguments)
    targets: list[str] = given.targets or list(SEEDS)
    if unknown := set(targets) - set(SEEDS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    found = 0
    for target in targets:
        fuzzed = fuzz(target, seconds=60 * given.minutes, findings=given.findings)
        found += len(fuzzed.findings)
        told = (
            f"{fuzzed.runs:>10,} runs {fuzzed.corpus:>6,} corpus {len(fuzzed.findings):>3} findings"
        )
        print(f"{target:8} {fuzzed.seconds:>5.0f} s {told}", *fuzzed.findings, flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
