"""Cleaning on Ray Data: the same rows as the local pool, on as many machines as Ray has.

Each Ray worker keeps one cleaning process of its own, so that a page that hangs or crashes is lost
alone, as with the local pool; a Ray worker that dies is replaced by Ray and its batch done again.
The only importer of ray (extra `ray`).
"""

import importlib
import logging
import os
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from cleaners.config import CleanConfig
from cleaners.errors import MissingExtra
from cleaners.html.templates import Templates
from cleaners.inputs import FoundFile, Limits, read_file
from cleaners.model import Outcome, Page, Rejection
from cleaners.scale.batch import outcomes, outcomes_table
from cleaners.scale.local import CleaningPool

BATCH_FILES = 64
"""Files a task: under a second of work each, so that little is done twice when a worker dies."""


class _FileCleaner:
    """A Ray actor: names of files in, outcomes out."""

    def __init__(self, config: CleanConfig, limits: Limits, templates: Templates | None) -> None:
        self._limits = limits
        self._pool = CleaningPool(config, workers=1, templates=templates)

    def __call__(self, batch: pa.Table) -> pa.Table:
        return outcomes_table(self._outcomes(batch))

    def _outcomes(self, batch: pa.Table) -> Iterator[Outcome]:
        refused: list[Rejection] = []

        def pages() -> Iterator[Page]:
            for row in batch.to_pylist():
                found = FoundFile(path=row["path"], source=row["source"], size=row["size"])
                for read in read_file(found, self._limits):
                    if isinstance(read, Rejection):
                        refused.append(read)
                    else:
                        yield read

        yield from self._pool.map(pages())
        yield from refused


def clean_files(
    files: Sequence[FoundFile],
    *,
    config: CleanConfig,
    limits: Limits,
    templates: Templates | None = None,
    address: str | None = None,
    workers: int | None = None,
) -> Iterator[Outcome]:
    """Clean files on Ray; outcomes in no particular order.

    `address`: a cluster's ("auto" for the one this machine is in); None starts Ray here. Files
    must be readable by every machine under the same path. Raises MissingExtra without Ray.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray: Any = importlib.import_module("ray")
        importlib.import_module("ray.data")
    except ImportError as error:
        raise MissingExtra("ray", "--engine ray") from error

    started_here = not ray.is_initialized()
    if started_here:
        options: dict[str, Any] = (
            {} if address else {"num_cpus": workers, "include_dashboard": False}
        )
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **options)
    try:
        count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        # Ready-made blocks: a repartition step would need a CPU that the cleaners already hold.
        cleaned = ray.data.from_arrow(list(_blocks(files, count))).map_batches(
            _FileCleaner,
            fn_constructor_args=(config, limits, templates),
            batch_format="pyarrow",
            batch_size=None,
            concurrency=count,
            max_restarts=-1,
            max_task_retries=-1,
        )
        for batch in cleaned.iter_batches(batch_size=None, batch_format="pyarrow"):
            yield from outcomes(batch)
    finally:
        if started_here:
            ray.shutdown()


def _blocks(files: Sequence[FoundFile], workers: int) -> Iterator[pa.Table]:
    """Tables of at most BATCH_FILES files; fewer where that leaves a worker without one."""
    rows = max(1, min(BATCH_FILES, -(-len(files) // workers)))
    for start in range(0, len(files), rows):
        part = files[start : start + rows]
        yield pa.table(
            {
                "path": [found.path for found in part],
                "source": [found.source for found in part],
                "size": [found.size for found in part],
            }
        )
