"""What `--repair` does: only what loses nothing that could still be read."""

from collections.abc import Iterator, Sequence

from cleaners.store import damage
from cleaners.store.dataset import Dataset
from cleaners.store.disk import LocalDisk
from cleaners.store.warc_writer import repair as cut_tail
from crawler.doctor.model import Finding, Repair
from crawler.doctor.output import FRONTIER


def mend(dataset: Dataset, findings: Sequence[Finding]) -> Iterator[str]:
    """Mend what can be mended of these findings; a line for each thing done.

    Raises StoreLocked while a run is at work, StoreError when the disk does not allow it.
    """
    wanted = {finding.repair for finding in findings}
    if Repair.TABLES in wanted:
        for finding in findings:
            if finding.repair is Repair.TABLES and finding.place:
                moved = damage.set_aside(dataset.disk, finding.place, finding.found)
                yield f"{moved.path} was set aside as {moved.moved_to}"
        dataset.mend()
        yield "the tables are in order: nothing interrupted, nothing left behind, no row twice"
    if isinstance(dataset.disk, LocalDisk):
        for finding in findings:
            if finding.repair is Repair.ARCHIVE:
                cut = cut_tail(dataset.disk.root / "warc" / finding.place)
                yield f"warc/{finding.place} was cut by {cut:,} bytes"
        if Repair.FRONTIER in wanted:
            yield from _set_frontier_aside(dataset.disk)


def _set_frontier_aside(disk: LocalDisk) -> Iterator[str]:
    """The file with what SQLite keeps beside it: one without the other is of no use."""
    for ending in ("", "-wal", "-shm"):
        name = f"{FRONTIER}{ending}"
        if disk.exists(name):
            target = f"{damage.FOLDER}/{name}.damaged"
            disk.move(name, target)
            yield f"{name} was set aside as {target}"
