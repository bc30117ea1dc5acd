from pathlib import Path

from cleaners.store.dataset import Dataset
from cleaners.store.ledger import InputState, Ledger, Tally

ONE, TWO = InputState("one.warc", 10, 5), InputState("two.warc", 10, 5)


def test_what_was_committed_is_known_to_the_next_run_of_the_job(tmp_path: Path) -> None:
    disk = Dataset.open(tmp_path).disk
    first = Ledger.open(disk, job="job", run_id="run-1")
    first.note(ONE, 64)
    first.count(articles=60, rejected=4)
    first.commit()
    first.note(ONE, None)
    first.note(TWO, 32)
    first.count(articles=90, rejected=0)
    first.commit()
    first.note(TWO, None)  # and the run is killed

    second = Ledger.open(disk, job="job", run_id="run-2")
    assert second.items(ONE) is None
    assert second.items(TWO) == 32
    assert second.items(InputState("two.warc", 10, 6)) == 0
    assert second.before == Tally(inputs=1, articles=150, rejected=4)
    assert Ledger.open(disk, job="other", run_id="run-3").items(ONE) == 0
    second.clear()
    assert Ledger.open(disk, job="job", run_id="run-4").items(ONE) == 0


def test_a_broken_file_is_no_knowledge(tmp_path: Path) -> None:
    disk = Dataset.open(tmp_path).disk
    ledger = Ledger.open(disk, job="job", run_id="run-1")
    ledger.note(ONE, None)
    ledger.commit()
    [file] = (tmp_path / ledger.folder).iterdir()
    file.write_bytes(file.read_bytes()[:20])
    assert Ledger.open(disk, job="job", run_id="run-2").items(ONE) == 0
