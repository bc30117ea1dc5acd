"""Cleaning on Ray Data: the same rows as the local pool, on as many machines as Ray has.

    files ─divide→ units ─Ray actors, a pool of one worker each→ rows ─→ Batch, stored here

A page that hangs or crashes is lost alone, as with the local pool; a Ray worker that dies is
replaced by Ray and its unit done again. The only importer of ray (extra `ray`).
"""

import importlib
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cleaners.config import CleanConfig
from cleaners.errors import EngineError, MissingExtra
from cleaners.html.templates import Templates
from cleaners.inputs import FoundFile, holds_many
from cleaners.model import Rejection
from cleaners.scale.batch import outcomes_table
from cleaners.scale.files import WHOLE, Batch, Lane, Progress, clean_files
from cleaners.scale.local import CleaningPool
from cleaners.scale.portions import from_stream, to_stream
from cleaners.version import __version__

UNIT_FILES = 64
UNIT_BYTES = 4 * 2**20
"""A unit of small files is a few seconds of work: little is done twice when a worker dies."""

LANE_BYTES = 32 * 2**20
"""Least bytes of a large file that are worth a lane of their own: each lane reads the whole file,
at a hundredth of what cleaning costs, so a file is shared by more only while workers lack work."""

STORE_BYTES = 512 * 2**20
"""Shared memory of a Ray that is started here; what waits to be stored takes some 30 KB a page."""

ROUNDS = 3
"""Times that units are asked for which came back incomplete."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What one Ray task does: some files, or one lane of a large one."""

    files: tuple[FoundFile, ...]
    lane: Lane = WHOLE


class _Cleaner:
    """A Ray actor: a table of one unit in, tables of rows out."""

    def __init__(self, config: CleanConfig, templates: Templates | None, version: str) -> None:
        if version != __version__:
            raise EngineError(f"this machine has Winnow {__version__}, the caller {version}")
        self._pool = CleaningPool(config, workers=1, templates=templates)

    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        for row in table.to_pylist():
            unit = _unit(row)
            part = 0
            for batch in clean_files(self._pool, unit.files, lane=unit.lane):
                yield _part(row["unit"], part, to_stream(batch.rows), last=False)
                part += 1
            yield _part(row["unit"], part, b"", last=True)


def clean_on_ray(
    files: Sequence[FoundFile | Rejection],
    *,
    config: CleanConfig,
    templates: Templates | None = None,
    address: str | None = None,
    workers: int | None = None,
) -> Iterator[Batch]:
    """Clean files on Ray; rows in no particular order.

    `address`: a cluster's ("auto" for the one this machine is in); None starts Ray here. Files
    must be readable by every machine under the same path, and Winnow installed on each. Raises
    MissingExtra without Ray, EngineError when the cluster loses work for good.
    """
    for refused in files:
        if isinstance(refused, Rejection):
            yield Batch(outcomes_table([refused]), ())
    found = [one for one in files if isinstance(one, FoundFile)]
    if not found:
        return
    with _ray(address, workers) as ray:
        count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        units = dict(enumerate(divide(found, count)))
        lanes = Counter(file for unit in units.values() for file in unit.files)
        for _ in range(ROUNDS):
            for number, rows in _run(ray, units, (config, templates, __version__), count):
                if rows is not None:
                    yield Batch(rows, ())
                    continue
                files_of = units.pop(number).files
                lanes.subtract(files_of)
                ended = (Progress(file, 0, ended=True) for file in files_of if not lanes[file])
                yield Batch(outcomes_table(()), tuple(ended))
            if not units:
                return
    raise EngineError(f"{len(units)} units of work came back incomplete {ROUNDS} times")


def divide(files: Sequence[FoundFile], workers: int) -> Iterator[Unit]:
    """Units of at most UNIT_FILES files; fewer where that leaves a worker without one."""
    large = [found for found in files if found.size >= 2 * LANE_BYTES and holds_many(found)]
    most = max(1, min(UNIT_FILES, -(-len(files) // workers)))
    group: list[FoundFile] = []
    size = 0
    for found in files:
        if group and (len(group) >= most or size + found.size > UNIT_BYTES):
            yield Unit(tuple(group))
            group, size = [], 0
        if found in large:
            lanes = max(1, min(found.size // LANE_BYTES, -(-2 * workers // len(large))))
            yield from (Unit((found,), Lane(number, lanes)) for number in range(lanes))
        else:
            group.append(found)
            size += found.size
    if group:
        yield Unit(tuple(group))


@contextmanager
def _ray(address: str | None, workers: int | None) -> Iterator[Any]:
    """Ray, connected; what was started here ends with the block."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray's workers give way to all other processes by default; the local pool's do not.
    os.environ.setdefault("RAY_worker_niceness", "0")
    try:
        ray: Any = importlib.import_module("ray")
        importlib.import_module("ray.data")
    except ImportError as error:
        raise MissingExtra("ray", "--engine ray") from error
    started = not ray.is_initialized()
    if started:
        options: dict[str, Any] = {"address": address}
        if address is None:
            options = {
                "address": "local",
                "num_cpus": workers or os.cpu_count(),
                "object_store_memory": STORE_BYTES,
                "include_dashboard": False,
                "_node_ip_address": "127.0.0.1",
            }
        try:
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
        except (ConnectionError, ValueError) as error:
            raise EngineError(f"no Ray at {address}: {error}") from error
    try:
        yield ray
    finally:
        if started:
            ray.shutdown()


def _run(
    ray: Any, units: dict[int, Unit], arguments: tuple[object, ...], workers: int
) -> Iterator[tuple[int, pa.Table | None]]:
    """Rows by unit as they come; None once all of a unit's are there."""
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    # Ready-made blocks: a repartition step would need a CPU that the cleaners already hold.
    cleaned = ray.data.from_arrow([_row(*item) for item in units.items()]).map_batches(
        _Cleaner,
        fn_constructor_args=arguments,
        batch_format="pyarrow",
        batch_size=None,
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(units))),
    )  # dead actors are started again and their tasks done again, as often as it takes
    parts: Counter[int] = Counter()
    ends: dict[int, int] = {}
    for table in _told(ray, cleaned.iter_batches(batch_size=None, batch_format="pyarrow")):
        columns = (table["unit"].to_pylist(), table["part"].to_pylist(), table["last"].to_pylist())
        for number, part, last, rows in zip(*columns, table["rows"], strict=True):
            parts[number] += 1
            if last:
                ends[number] = part + 1
            else:
                yield number, from_stream(rows.as_buffer())
            if parts[number] == ends.get(number):
                yield number, None


def _told(ray: Any, tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same, with Ray's exceptions as ours."""
    try:
        yield from tables
    except ray.exceptions.RayError as error:
        raise EngineError(f"Ray: {str(error).strip().splitlines()[-1]}") from error


def _row(number: int, unit: Unit) -> pa.Table:
    return pa.table(
        {
            "unit": [number],
            "path": [[found.path for found in unit.files]],
            "source": [[found.source for found in unit.files]],
            "size": [[found.size for found in unit.files]],
            "modified": [[found.modified for found in unit.files]],
            "lane": [unit.lane.number],
            "lanes": [unit.lane.of],
        }
    )


def _unit(row: dict[str, Any]) -> Unit:
    columns = (row[name] for name in ("path", "source", "size", "modified"))
    files = tuple(FoundFile(*values) for values in zip(*columns, strict=True))
    return Unit(files, Lane(row["lane"], row["lanes"]))


def _part(unit: int, part: int, rows: bytes, *, last: bool) -> pa.Table:
    schema = pa.schema(
        [
            ("unit", pa.int64()),
            ("part", pa.int64()),
            ("last", pa.bool_()),
            ("rows", pa.large_binary()),
        ]
    )
    return pa.table([[unit], [part], [last], [rows]], schema=schema)
