"""Reports made up for tests: an ordinary one, and one whose texts try to be more than text."""

from datetime import UTC, date, datetime, timedelta

from cleaners.report.data import (
    Count,
    Listed,
    Refusal,
    ReportData,
    Rule,
    Run,
    Site,
    StoryLine,
)
from cleaners.report.timeline import coverage

HOSTILE = (
    "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>"
    "<!-- \u2028 ${window.hit=1} {{7*7}} javascript:alert(1) \"' & \x00 \ud800"
)


def sample(*, days: int = 30, articles: int = 40, hostile: bool = False) -> ReportData:
    """A report of `articles` articles over `days` days, on four sites and two stories."""
    sites = ("harbour.example", "courier.example", "lantern.example", "wire.example")
    words = HOSTILE if hostile else ""
    listed = tuple(
        Listed(
            article_id=f"{n:032x}",
            title=f"{words}Ferry report {n}",
            source=f"https://{sites[n % 4]}/{n}",
            url=f"https://{sites[n % 4]}/{n}",
            domain=sites[n % 4] + words,
            published_at=datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=n * days / articles),
            language="de" if n % 7 == 0 else "en",
            words=200 + n,
            authors=(f"{words}Ada Brook",),
            story_id=f"story{n % 2}{words}",
            duplicate_kind="syndicated" if n % 5 == 0 else None,
            relevance=None if n % 3 else n / articles,
            text=f"{words}First paragraph {n}.\n\nSecond paragraph about the ferry.",
            removed=((0, f"menu{words}", f"{words}Home News Sport"), (2, "promo", "Read more")),
        )
        for n in range(articles)
    )
    by_day: dict[tuple[date, bool], int] = {}
    for article in listed:
        if article.published_at is not None:
            key = (article.published_at.date(), article.duplicate_kind is not None)
            by_day[key] = by_day.get(key, 0) + 1
    first, last = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    return ReportData(
        name=f"{words}The ferry",
        made_at=datetime(2026, 4, 1, 12, tzinfo=UTC),
        articles=articles + 5,
        read=12,
        rejected=60,
        words=articles * 220,
        kept_chars=60_000,
        raw_chars=100_000,
        coverage=coverage(by_day, undated=5),
        sites=tuple(Site(s + words, 10 + i, 3 * i, i, 9_000, 0.1 * i) for i, s in enumerate(sites)),
        languages=(Count(f"en{words}", articles - 6), Count("de", 6)),
        stories=(
            StoryLine("story0", f"{words}Ferry runs aground", 12, 9, sites, first, last),
            StoryLine("story1", "Tolls to rise", 5, 5, sites[:2], first, first),
        ),
        rules=(
            Rule(f"menu{words}", "text", 80, 1_900, ((f"{words}Home", "https://x.example/"),)),
            Rule("promo", "html", 30, 900, (("Read more", "https://x.example/"),)),
        ),
        refusals=(
            Refusal(f"listing{words}", "pagetype", 48, ((f"https://x.example/{words}", words),)),
            Refusal("too-short", "text", 12, (("a.txt", "3 words"),)),
        ),
        runs=(
            Run("r1", "site", "2026-03-01T06:00:00+00:00", 100, 60, ()),
            Run("r2", "site", "2026-03-02T06:00:00+00:00", 100, 20, (f"x.example: silent{words}",)),
        ),
        listed=listed,
        rejects=tuple(
            (f"https://x.example/{n}{words}", "x.example", "pagetype", "listing", f"{n} teasers")
            for n in range(60)
        ),
    )
