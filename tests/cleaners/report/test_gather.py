"""From stored tables to the figures of the report."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cleaners.model import Article, Fetch, Metadata, Reason, Rejection, Removal, Stage
from cleaners.report.charts import column_chart
from cleaners.report.gather import gather
from cleaners.report.render import render_report
from cleaners.report.timeline import coverage
from cleaners.store.dataset import Dataset
from cleaners.store.rows import RunStamp

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
STAMP = RunStamp("run-1", NOW, "0.1.0", "abcdef123456")


def _article(number: int, published: datetime | None) -> Article:
    url = f"https://harbour.example/{number}"
    return Article(
        source=url,
        url=url,
        text=f"Report {number} of the ferry. " * 10,
        markdown="",
        metadata=Metadata(title=f"Ferry {number}", published_at=published),
        language="en",
        removals=(Removal("Home News", "menu", "html", 0, 0.9),),
        fetch=Fetch(url_requested=url, fetched_at=NOW, status=200),
    )


def _rejection(source: str, stage: Stage, reason: Reason, *, fetched: bool) -> Rejection:
    url = source if "://" in source else None
    fetch = Fetch(url_requested=source, fetched_at=NOW, status=200) if fetched else None
    return Rejection(source, url, stage, reason, "because", fetch=fetch)


def _store(out: Path) -> Dataset:
    dataset = Dataset.open(out)
    with dataset.writer(STAMP) as writer:
        for number in range(6):
            writer.add(_article(number, NOW - timedelta(days=number)))
        writer.add(_article(7, None))
        writer.add(_rejection("a.bin", Stage.INPUT, Reason.BINARY, fetched=False))
        url = "https://harbour.example"
        writer.add(_rejection(f"{url}/x", Stage.PAGETYPE, Reason.LISTING, fetched=True))
        writer.add(_rejection(f"{url}/y", Stage.RELATE, Reason.NOT_RELATED, fetched=False))
        writer.add(_rejection(f"{url}/feed", Stage.DISCOVER, Reason.NOT_A_PAGE, fetched=True))
    return dataset


def test_figures_count_what_is_stored(tmp_path: Path) -> None:
    data = gather(_store(tmp_path), name="ferry", now=NOW)
    assert (data.articles, data.rejected, data.read) == (7, 4, 2)
    assert data.coverage.undated == 1
    assert sum(b.own + b.copies for b in data.coverage.bins) == 6
    [site] = [s for s in data.sites if s.domain == "harbour.example"]
    assert (site.articles, site.rejected, site.unread) == (7, 1, 2)
    assert 0 < site.removed_share < 0.1
    assert [(r.name, r.blocks) for r in data.rules] == [("menu", 7)]
    assert {(r.reason, r.count) for r in data.refusals} == {
        ("binary", 1), ("listing", 1), ("not-related", 1), ("not-a-page", 1),
    }  # fmt: skip
    assert [article.title for article in data.listed][:2] == ["Ferry 7", "Ferry 0"]
    assert data.listed[0].removed == ((0, "menu", "Home News"),)
    assert "The newest" not in render_report(data)


def test_an_empty_output_gives_a_page(tmp_path: Path) -> None:
    data = gather(Dataset.open(tmp_path), name="nothing", now=NOW)
    page = render_report(data)
    assert (data.articles, data.rejected) == (0, 0)
    assert "No article has a date of publication yet." in page
    assert "Nothing yet" in page


def test_run_records_tell_a_regression(tmp_path: Path) -> None:
    dataset = _store(tmp_path)
    reports = tmp_path / "reports"
    reports.mkdir()
    for day, articles in ((1, 60), (2, 55), (3, 20)):
        (reports / f"run-{day}.json").write_text(
            f'{{"run_id": "r{day}", "spider": "site", "started_at": "2026-03-0{day}T06:00:00Z",'
            f'"fetched": 100, "articles": {articles},'
            f'"sites": [{{"site": "a.example", "alarm": "silent"}}]}}'
        )
    (reports / "run-9.json").write_text("{broken")
    data = gather(dataset, name="ferry", now=NOW)
    assert [run.run_id for run in data.runs] == ["r1", "r2", "r3"]
    page = render_report(data)
    assert "The latest run gave fewer articles: 20%, usually 57%" in page
    assert "a.example: silent" in page


def test_an_old_page_does_not_stretch_the_axis() -> None:
    days = Counter({(date(2026, 3, n), False): 10 for n in range(1, 15)})
    days[date(2009, 1, 1), False] = 1
    found = coverage(days, undated=0)
    assert (found.unit, found.earlier, len(found.bins)) == ("day", 1, 14)


@given(
    st.dictionaries(
        st.tuples(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.booleans()),
        st.integers(1, 50),
        max_size=30,
    )
)
def test_no_article_is_lost_between_bins(days: dict[tuple[date, bool], int]) -> None:
    found = coverage(days, undated=0)
    assert sum(b.own + b.copies for b in found.bins) + found.earlier == sum(days.values())
    starts = [b.start for b in found.bins]
    assert starts == sorted(set(starts))
    assert len(starts) <= 62
    column_chart(found)
