"""Running a crawl for the terminal: progress while it works, tables of what it found."""

from typing import TYPE_CHECKING

from crawler.terminal import Column, one_line

if TYPE_CHECKING:
    from cleaners.model import Story
    from crawler.commands.session import Session
    from crawler.model import CrawlJob, Progress, RunRecord
    from crawler.terminal import Terminal


def run_job(session: "Session", job: "CrawlJob", *, found: bool = False) -> int:
    """Run a crawl, link what it stored, show what came of it; the exit code.

    `found` adds a table of the articles that the run stored.
    """
    from crawler.run import crawl

    terminal = session.terminal
    with terminal.progress() as bar:
        task = bar.add_task(job.spider, total=None, count="starting", rate="", note="")

        def watch(state: "Progress") -> None:
            goal = state.fetched + state.queued + state.in_flight
            total = min(goal, state.limit) if state.limit else goal
            rate = f"{state.fetched / state.seconds:,.1f}/s" if state.seconds > 0 else ""
            note = f"{state.articles:,} articles"
            count = f"{state.fetched:,}/{total:,}"
            bar.update(
                task, completed=state.fetched, total=total, count=count, rate=rate, note=note
            )

        record = crawl(job, watch=watch)
    if record.articles and session.settings.watch.link:
        _link(session)
    if found and record.articles:
        _show_found(session, record.run_id)
    show_run(terminal, record)
    failed = _name_failed(session, job)
    return 1 if failed or record.ending == "failed" else 0


def _name_failed(session: "Session", job: "CrawlJob") -> bool:
    """Name the addresses of the call that failed; whether there are any.

    An address given to `pages` fails when it is no article; one that a crawl only begins at fails
    when it could not be fetched.
    """
    import pyarrow.dataset as pads

    from cleaners.model import Stage
    from cleaners.store.dataset import Dataset
    from cleaners.store.schema import REJECTS

    dataset = Dataset.open(session.settings.out)
    named = [*job.urls, *job.feeds]
    if not named or not dataset.parts(REJECTS):
        return False
    is_named = pads.field("source").isin(named) | pads.field("url_requested").isin(named)
    columns = ["source", "stage", "reason", "detail"]
    rows = dataset.scan(REJECTS).to_table(columns, filter=is_named).to_pylist()
    unreached = (Stage.FETCH.value, Stage.ROBOTS.value)
    failed = [
        row
        for row in rows
        if (job.spider == "pages" or row["stage"] in unreached) and row["reason"] != "redirected"
    ]
    for row in failed:
        detail = f" ({row['detail']})" if row["detail"] else ""
        session.terminal.complain(one_line(f"{row['source']}: {row['reason']}{detail}", 300))
    return bool(failed)


def _show_found(session: "Session", run_id: str) -> None:
    """The articles of a run, the most relevant or else the newest first."""
    import pyarrow.dataset as pads

    from cleaners.store.dataset import Dataset
    from cleaners.store.schema import ARTICLES

    dataset = Dataset.open(session.settings.out)
    columns = ["title", "domain", "published_at", "word_count", "relevance_score"]
    stored = dataset.scan(ARTICLES).to_table(columns, filter=pads.field("run_id") == run_id)
    ranked = sorted(
        stored.to_pylist(),
        key=lambda row: (
            row["relevance_score"] or 0,
            row["published_at"].timestamp() if row["published_at"] else 0,
        ),
        reverse=True,
    )
    rows = [
        (
            row["title"] or "(no title)",
            row["domain"] or "",
            f"{row['published_at']:%Y-%m-%d}" if row["published_at"] else "",
            f"{row['word_count'] or 0:,}",
            "" if row["relevance_score"] is None else f"{row['relevance_score']:.2f}",
        )
        for row in ranked[:_FOUND_ROWS]
    ]
    heads = [
        Column("title", share=3),
        Column("site", share=1),
        Column("date"),
        Column("words", "right"),
        Column("relevance", "right"),
    ]
    session.terminal.table("Articles", heads, rows)
    if len(ranked) > len(rows):
        session.terminal.say(f"… and {len(ranked) - len(rows):,} more")


_FOUND_ROWS = 25


def _link(session: "Session") -> None:
    """Link after a run; what goes wrong there is told and does not undo the run."""
    from cleaners.errors import WinnowError
    from cleaners.store.dataset import Dataset
    from cleaners.stories.link import link
    from crawler.jobs import utc_now

    try:
        result = link(Dataset.open(session.settings.out), now=utc_now())
    except WinnowError as error:
        session.terminal.complain(f"winnow: stories were not linked: {error}")
    else:
        session.terminal.detail(f"{result.stories:,} stories told by more than one article")


def show_run(terminal: "Terminal", record: "RunRecord") -> None:
    """The figures of a run as tables, or its record as the closing JSON line."""
    from crawler.runs import record_values

    terminal.record("summary", {"command": record.spider, **record_values(record)})
    sites = [
        (
            site.site,
            f"{site.fetched:,}",
            f"{site.articles:,}",
            f"{site.rejected:,}",
            f"{site.seconds:.2f}",
            site.alarm or "",
        )
        for site in sorted(record.sites, key=lambda site: -site.articles)[:20]
    ]
    columns = [
        Column("site", share=2),
        Column("fetched", "right"),
        Column("articles", "right"),
        Column("rejected", "right"),
        Column("s/page", "right"),
        Column("alarm", share=1, style="yellow"),
    ]
    terminal.table("Sites", columns, sites)
    reasons = [(reason, f"{count:,}") for reason, count in record.reasons[:12]]
    terminal.table("Rejected", [Column("reason", share=1), Column("pages", "right")], reasons)
    for note in record.notes[:20]:
        terminal.say(f"note: {one_line(note, 300)}", style="yellow")
    terminal.say(
        f"{record.articles:,} articles, {record.rejected:,} rejected, "
        f"{record.unchanged:,} unchanged of {record.fetched:,} fetched in {record.seconds:,.1f} s "
        f"({record.pages_per_second:,.1f} a second); {record.ending}"
    )
    if record.error:
        terminal.complain(f"winnow: {one_line(record.error, 500)}")
    if record.ending == "failed":
        terminal.complain(f"winnow: {going_on(record.left)}")
    elif record.left:
        terminal.say(going_on(record.left))
    terminal.say(f"run {record.run_id}; articles: {record.out}/articles")


def going_on(left: int) -> str:
    """What is to be done about a run that ended before its work did.

    >>> going_on(1200)
    '1,200 URLs are left; the same command goes on with them'
    >>> going_on(0)
    'what was stored is kept; the same command goes on'
    """
    if left:
        return f"{left:,} URLs are left; the same command goes on with them"
    return "what was stored is kept; the same command goes on"


def told_of(story: "Story") -> str:
    """Where a story comes from: its seeds, when they were told and in which languages."""
    seeds = f"{len(story.seed_ids)} seed" + ("s" if len(story.seed_ids) != 1 else "")
    days = [day.date().isoformat() for day in (story.first_date, story.last_date) if day]
    when = " to ".join(dict.fromkeys(days)) or "no date known"
    return f"{seeds}; {when}; {', '.join(story.languages) or 'no language known'}"


def show_plan(terminal: "Terminal", job: "CrawlJob", *, failed: bool) -> int:
    """What a `related` run would look for and where, without a request."""
    from cleaners.related import profile, queries
    from cleaners.related.match import target_of

    for number, story in enumerate(profile(job.seeds), 1):
        asked, parts = queries(story), target_of(story)
        terminal.record(
            "story",
            {
                "story_id": story.story_id,
                "title": story.title,
                "seeds": list(story.seed_ids),
                "names": dict(story.names),
                "phrases": dict(story.phrases),
                "terms": dict(list(story.terms.items())[:40]),
                "languages": list(story.languages),
                "queries": [query.text for query in asked],
            },
        )
        weights = [
            (kind, name, f"{weight:.2f}")
            for kind, found in (
                ("name", story.names),
                ("phrase", story.phrases),
                ("word stem", parts.words),
                ("kind of news", parts.fields),
            )
            for name, weight in sorted(found.items(), key=lambda pair: -pair[1])[:10]
        ]
        columns = [Column("kind"), Column("text", share=1), Column("weight", "right")]
        terminal.table(f"Story {number}: {one_line(story.title, 80)}", columns, weights)
        terminal.say(told_of(story))
        if job.search:
            rows = [(service, query.text) for service in job.search for query in asked]
            terminal.table("Queries", [Column("service"), Column("query", share=1)], rows)
    sources = [("site", url) for url in job.urls] + [("feed", url) for url in job.feeds]
    terminal.table("Sources", [Column("kind"), Column("address", share=1)], sources)
    terminal.record("sources", {"sites": list(job.urls), "feeds": list(job.feeds)})
    return 1 if failed else 0
