from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.model import RunRecord, SiteRecord
from crawler.run import crawl
from crawler.runs import compared, load_records, record_values, save_record
from tests.crawler.results import job
from tests.crawler.web import Answer, Web

START = datetime(2026, 3, 4, tzinfo=UTC)


def record(number: int, *sites: SiteRecord, out: str = "output") -> RunRecord:
    begun = START + timedelta(days=number)
    return RunRecord(
        run_id=f"{number:03d}",
        spider="site",
        started_at=begun,
        ended_at=begun + timedelta(seconds=10),
        ending="finished",
        out=out,
        fetched=20,
        reasons=(("http-error", 3),),
        sites=sites,
        slowest_hosts=(("nord.example", 0.5),),
        notes=("postgresql://winnow:s3same@db.example/x is slow",),
    )


def site(fetched: int, articles: int, unchanged: int = 0) -> SiteRecord:
    return SiteRecord("nord.example", fetched, articles, fetched - articles - unchanged, unchanged)


def test_a_record_is_stored_and_read_back_without_secrets(tmp_path: Path) -> None:
    stored = record(1, site(20, 15), out=str(tmp_path))
    path = save_record(stored)
    assert "s3same" not in path.read_text()
    (read,) = load_records(tmp_path)
    assert replace(read, notes=()) == replace(stored, notes=())
    assert record_values(read)["pages_per_second"] == 2.0


def test_files_that_are_no_records_are_passed_over(tmp_path: Path) -> None:
    for number in range(12):
        save_record(record(number, out=str(tmp_path)))
    (tmp_path / "reports" / "run-999.json").write_text("{broken")
    (tmp_path / "reports" / "run-998.json").write_text('{"run_id": 3}')
    assert [found.run_id for found in load_records(tmp_path, limit=3)] == ["011", "010", "009"]


@pytest.mark.parametrize(
    ("now", "earlier", "alarm"),
    [
        (site(20, 0), [site(20, 15), site(20, 18)], "no article at all"),
        (site(0, 0), [site(20, 15)], "no article at all"),
        (site(40, 1), [site(40, 30)], "rejected"),
        (site(20, 0, unchanged=15), [site(20, 15)], None),
        (site(20, 12), [site(20, 15)], None),
        (site(20, 0), [site(20, 1), site(20, 0)], None),
        (site(20, 0), [], None),
    ],
)
def test_a_site_that_falls_silent_is_called_out(
    now: SiteRecord, earlier: list[SiteRecord], alarm: str | None
) -> None:
    records = [record(number, one) for number, one in enumerate(earlier)]
    (judged,) = compared([now], records)
    assert (judged.alarm is None) == (alarm is None)
    if alarm:
        assert alarm in str(judged.alarm)


def test_a_site_that_is_blocked_from_one_day_to_the_next_is_an_alarm(
    web: Web, tmp_path: Path
) -> None:
    web.add_site("nord.example", 8)
    assert crawl(job("site", tmp_path, "http://nord.example/")).alarms == ()
    for url in list(web.pages):
        if not url.endswith("robots.txt"):
            web.pages[url] = Answer(b"blocked", 403)
    (alarm,) = crawl(job("site", tmp_path, "http://nord.example/")).alarms
    assert (alarm.site, alarm.articles) == ("nord.example", 0)
