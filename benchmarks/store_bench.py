"""What storing, compacting and linking cost: time and peak memory on synthetic articles.

    python -m benchmarks.store_bench [--rows 100000] [--out DIR] [write] [open] [compact] [link]

`write` stores articles one by one as a run does. The others work on a made output of --rows
articles whose copies and stories are known: a tenth are copies, stories have five reports. Its
texts count as read before (reading one for its story takes 2 to 4 ms, once). Each step runs in a
process of its own, so that its peak memory is its own.
"""

import argparse
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.synthetic import Press, article
from cleaners.dedup.exact import text_key
from cleaners.dedup.near import signature
from cleaners.dedup.words import words as read_words
from cleaners.store.compact import compact
from cleaners.store.dataset import Dataset, RunStamp
from cleaners.store.identity import page_key
from cleaners.store.parts import fill_with
from cleaners.store.rows import sha256_of
from cleaners.store.schema import ARTICLES
from cleaners.stories import link
from cleaners.stories.memory import SCHEMA as PROFILE_SCHEMA
from cleaners.stories.pool import states
from cleaners.stories.profile import KEYS, LEAD, NAME, TITLE, WORD

STAMP = RunStamp("store-bench", datetime(2026, 12, 1, tzinfo=UTC), "0", "0")
CLEANING_MS = 20.0
"""A page takes at least this long to clean on one core; storing is to take 3 % of it."""
_PART_ROWS = 20_000
_VOCABULARY = 150_000
_NAMES, _WORDS, _STORY_SIZE, _COPY_SHARE = 8, 150, 5, 0.1
_TITLE_NAMES = 3
_STORY_DAYS = 2.0
_YEAR_DAYS = 365.0


@dataclass(frozen=True, slots=True)
class Made:
    """Where each article comes from: the story it tells, the article it copies (or itself)."""

    story: npt.NDArray[np.int64]
    origin: npt.NDArray[np.int64]


def plan(rows: int) -> Made:
    """The same for the same number of rows."""
    rng = np.random.default_rng(7)
    origin = np.arange(rows)
    copies = np.flatnonzero(rng.random(rows) < _COPY_SHARE)
    copies = copies[copies > 0]
    origin[copies] = (rng.random(len(copies)) * copies).astype(np.int64)
    while not np.array_equal(origin, origin[origin]):
        origin = origin[origin]
    story = np.arange(rows) // _STORY_SIZE
    return Made(story[origin], origin)


def make(out: Path, rows: int) -> None:
    """An output of `rows` articles, written column by column, with what linking remembers."""
    rng = np.random.default_rng(11)
    made = plan(rows)
    vocabulary = np.array([f"w{number:x}{'aeiou'[number % 5]}n" for number in range(_VOCABULARY)])
    hashes = np.array([crc32(word.encode()) for word in vocabulary.tolist()], np.uint32)
    mass = 1.0 / (np.arange(_VOCABULARY) + 60.0)
    cumulative = np.cumsum(mass / mass.sum())
    begins = np.random.default_rng(13).random(made.story.max() + 1) * _YEAR_DAYS
    disk = Dataset.open(out).disk
    for number, start in enumerate(range(0, rows, _PART_ROWS)):
        columns: dict[str, list[Any]] = {column.name: [] for column in ARTICLES.columns}
        memory: dict[str, list[Any]] = {name: [] for name in PROFILE_SCHEMA.names}
        for row in range(start, min(rows, start + _PART_ROWS)):
            origin, story = int(made.origin[row]), int(made.story[row])
            own = np.random.default_rng(origin)
            names = np.random.default_rng(story + 10**9).integers(20_000, _VOCABULARY, _NAMES)
            words = np.searchsorted(cumulative, own.random(_WORDS))
            words[:: _WORDS // 30] = names[own.integers(0, _NAMES, len(words[:: _WORDS // 30]))]
            if origin != row:
                changed = rng.random(_WORDS) < 0.05
                words = np.where(changed, np.searchsorted(cumulative, rng.random(_WORDS)), words)
            _add(columns, memory, row, vocabulary[words].tolist(), begins[story], rng)
            _remember(memory, hashes, words, names)
        table = pa.Table.from_arrays(
            [
                pa.array(columns[c.name] or [None] * len(columns["article_id"]), c.type)
                for c in ARTICLES.columns
            ],
            schema=ARTICLES.schema,
        )
        path = f"articles/ingest_date=2026-12-01/part-{number:05d}.parquet"
        disk.write(path, fill_with(ARTICLES, table))
        memory["state"] = states(table)
        known = pa.Table.from_pydict(memory, schema=PROFILE_SCHEMA)
        disk.write(f".winnow/profiles/{number:06d}.parquet", _filler(known))


def _filler(table: pa.Table) -> Callable[[Any], None]:
    return lambda sink: pq.write_table(table, sink, compression="zstd")


def _add(
    columns: dict[str, list[Any]],
    memory: dict[str, list[Any]],
    row: int,
    words: list[str],
    begin: float,
    rng: np.random.Generator,
) -> None:
    url = f"https://site{row % 977}.example/{row}"
    text, name = " ".join(words), sha256_of(page_key(url).encode())[:32]
    published = STAMP.cleaned_at - timedelta(days=begin + float(rng.random()) * _STORY_DAYS)
    read, digest = read_words(text), sha256_of(text.encode())
    minhash = signature(read)
    for column, value in (
        ("article_id", name), ("revision", 1), ("source", url), ("url", url),
        ("domain", f"site{row % 977}.example"), ("title", " ".join(words[:8])), ("text", text),
        ("markdown", text), ("published_at", published), ("language", "en"),
        ("word_count", len(words)), ("text_sha256", digest), ("minhash", minhash),
        ("cleaner_version", "0"), ("config_digest", "0"), ("run_id", "bench"),
        ("cleaned_at", STAMP.cleaned_at),
    ):  # fmt: skip
        columns[column].append(value)
    for column, value in (
        ("article_id", name), ("minhash", minhash),
        ("text_key", text_key(read)), ("words", len(read)), ("agency", None),
    ):  # fmt: skip
        memory[column].append(value)


def _remember(
    memory: dict[str, list[Any]],
    hashes: npt.NDArray[np.uint32],
    words: npt.NDArray[np.int64],
    names: npt.NDArray[np.int64],
) -> None:
    """A profile as reading would give it: the story's names, of which the title has some, then the
    rarest words."""
    keys, weights = np.zeros(KEYS, np.uint32), np.zeros(KEYS, np.float16)
    kinds = np.zeros(KEYS, np.uint8)
    told = np.intersect1d(names, words)
    rare = np.setdiff1d(words[words > 500], told)[::-1][: KEYS - len(told)]
    keys[: len(told)], weights[: len(told)], kinds[: len(told)] = hashes[told], 6.0, NAME | LEAD
    kinds[:_TITLE_NAMES] |= TITLE
    some = slice(len(told), len(told) + len(rare))
    keys[some], weights[some], kinds[some] = hashes[rare], 3.0, WORD
    memory["keys"].append(keys.tobytes())
    memory["weights"].append(weights.tobytes())
    memory["kinds"].append(kinds.tobytes())


def write(out: Path, rows: int) -> str:
    """Processor time an article for `Writer.add` and everything behind it."""
    press = Press(3)
    pages = [article(press.event(number, 1)[0], number) for number in range(min(rows, 4_000))]
    begin = time.process_time()
    with Dataset.open(out / "write").writer(STAMP) as writer:
        for page in pages:
            writer.add(page)
    each = (time.process_time() - begin) / len(pages) * 1_000
    share = each / CLEANING_MS
    return f"{each:.3f} ms of processor an article, {share:.1%} of cleaning at {CLEANING_MS} ms"


def reopen(out: Path, rows: int) -> str:
    """Seconds to rebuild the index from the files."""
    begin = time.perf_counter()
    Dataset.open(out / "made").writer(STAMP).close()
    return f"index of {rows} articles in {time.perf_counter() - begin:.1f} s"


def merge(out: Path, rows: int) -> str:
    """Seconds to merge and sort all parts of `rows` articles."""
    begin = time.perf_counter()
    done = compact(Dataset.open(out / "made"))
    seconds = time.perf_counter() - begin
    size = done.bytes_after / 2**20
    files = f"{done.files_before} files to {done.files_after}, {size:.0f} MB"
    return f"{rows} articles, {files}, in {seconds:.1f} s"


def relate(out: Path, rows: int) -> str:
    """Seconds to link everything, and how much of the known answer was found."""
    begin = time.perf_counter()
    result = link(Dataset.open(out / "made"), now=STAMP.cleaned_at)
    seconds = time.perf_counter() - begin
    made = plan(rows)
    place = {
        sha256_of(page_key(f"https://site{r % 977}.example/{r}").encode())[:32]: r
        for r in range(rows)
    }
    linked = pq.read_table(
        out / "made" / "stories", columns=["article_id", "duplicate_of", "story_id"]
    )
    right = found = 0
    rows_linked = np.array([place[name] for name in linked["article_id"].to_pylist()])
    for row, origin in zip(rows_linked, linked["duplicate_of"].to_pylist(), strict=True):
        if origin is not None:
            found += 1
            right += made.origin[row] == made.origin[place[origin]]
    # Of a text and its n copies, n are to be found.
    wanted = rows - len(np.unique(made.origin))
    precision, recall = right / max(1, found), right / max(1, wanted)
    told = linked["story_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    gold = made.story[rows_linked].astype(np.int64)
    both = _pairs(told.astype(np.int64) * (int(gold.max()) + 1) + gold)
    return (
        f"{result.articles} articles in {seconds:.1f} s; copies: precision {precision:.4f} "
        f"recall {recall:.4f}; pairs of a story: precision {both / max(1, _pairs(told)):.4f} "
        f"recall {both / _pairs(gold):.4f}"
    )


def _pairs(labels: npt.NDArray[np.int64]) -> int:
    """How many pairs have one label."""
    sizes = np.unique(labels, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


STEPS: dict[str, Callable[[Path, int], str]] = {
    "write": write,
    "open": reopen,
    "compact": merge,
    "link": relate,
}


def _measured(name: str, out: Path, rows: int) -> None:
    told = STEPS[name](out, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    busy = time.process_time()
    print(f"{name}: {told}; {busy:.1f} s of processor, peak memory {peak:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("steps", nargs="*", metavar="step", help=f"of {', '.join(STEPS)}")
    asked = parser.parse_args()
    steps = asked.steps or list(STEPS)
    out = asked.out or Path(tempfile.mkdtemp(prefix="winnow-bench-"))
    context = multiprocessing.get_context("spawn")
    try:
        if set(steps) != {"write"} and not (out / "made").exists():
            begin = time.perf_counter()
            make(out / "made", asked.rows)
            print(f"made {asked.rows} articles in {time.perf_counter() - begin:.0f} s", flush=True)
        for name in steps:
            step = context.Process(target=_measured, args=(name, out, asked.rows))
            step.start()
            step.join()
            if step.exitcode:
                raise SystemExit(step.exitcode)
    finally:
        if asked.out is None:
            shutil.rmtree(out, ignore_errors=True)


if __name__ == "__main__":
    main()
