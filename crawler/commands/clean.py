"""`winnow clean`: pages and texts that are there already."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose, Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaners.model import Outcome
    from crawler.jobs import Cleaned, CleanSummary
    from crawler.terminal import Terminal

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files, folders, globs, or - for standard input: text, Markdown, HTML, MHTML, "
        "gz of these, zip, tar, JSON lines, Parquet, WARC.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="**Examples**\n\n"
        "`winnow clean saved-pages/`\n\n"
        "`winnow clean 'dump/**/*.html.gz' --out clean`\n\n"
        "`curl -s https://news.example/story | winnow clean - --json`",
        rich_help_panel="Clean and fetch",
    )(clean)


def clean(
    paths: Paths,
    out: Out = None,
    workers: Workers = None,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Follow symbolic links that leave a folder.")
    ] = False,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Clean pages and texts that you have; articles and rejects go to Parquet."""
    from crawler.commands.session import begin
    from crawler.jobs import CleanJob, clean_paths

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    job = CleanJob(
        paths=tuple(paths),
        out=session.settings.out,
        config=session.settings.clean,
        workers=workers or session.settings.workers,
        follow_links=follow_links,
    )
    with _watching(session.terminal) as watch:
        summary = clean_paths(job, watch=watch)
    show_cleaned(session.terminal, summary)
    return 1 if summary.rejections or summary.damaged else 0


@contextmanager
def _watching(terminal: "Terminal") -> "Iterator[Callable[[Cleaned], None]]":
    """A watcher that moves the bar, prints a line for each failed input, or JSON."""
    from cleaners.model import Article
    from crawler.terminal import one_line

    seen = 0
    with terminal.progress() as bar:
        task = bar.add_task("cleaning", total=None, count="starting", rate="", note="")

        def watch(cleaned: "Cleaned") -> None:
            nonlocal seen
            seen += 1
            outcome = cleaned.outcome
            terminal.record("outcome", _as_record(outcome, cleaned.added.value))
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            done = min(cleaned.files_done, cleaned.files)
            count = f"{done:,}/{cleaned.files:,}"
            bar.update(task, completed=done, total=cleaned.files, count=count, rate=rate)
            if isinstance(outcome, Article):
                terminal.detail(f"{outcome.source}: {one_line(outcome.title or 'no title', 80)}")
            elif not terminal.json:
                reason = outcome.reason.value
                detail = f" ({outcome.detail})" if outcome.detail else ""
                terminal.complain(one_line(f"{outcome.source}: {reason}{detail}"))
            if not terminal.interactive and seen % _LINE_EVERY == 0:
                terminal.say(f"{done:,} of {cleaned.files:,} files done")

        yield watch


_LINE_EVERY = 1_000


def _as_record(outcome: "Outcome", added: str) -> dict[str, object]:
    """An outcome as --json prints it; see docs/reference/json.md."""
    from cleaners.model import Article

    if isinstance(outcome, Article):
        return {
            "outcome": "article",
            "source": outcome.source,
            "url": outcome.url,
            "title": outcome.title,
            "authors": list(outcome.authors),
            "published_at": outcome.published_at.isoformat() if outcome.published_at else None,
            "language": outcome.language,
            "words": len(outcome.text.split()),
            "removed_blocks": len(outcome.removals),
            "stored": added,
        }
    return {
        "outcome": "rejection",
        "source": outcome.source,
        "url": outcome.url,
        "stage": outcome.stage.value,
        "reason": outcome.reason.value,
        "detail": outcome.detail,
        "stored": added,
    }


def show_cleaned(terminal: "Terminal", summary: "CleanSummary") -> None:
    """The closing tables, or the closing JSON line."""
    from crawler.terminal import Column

    terminal.record(
        "summary",
        {
            "command": "clean",
            "run_id": summary.run_id,
            "out": summary.out,
            "articles": summary.articles,
            "rejected": len(summary.rejections),
            "stored": {added.value: count for added, count in summary.added},
            "removed_blocks": summary.removed_blocks,
            "seconds": round(summary.seconds, 3),
        },
    )
    for damage in summary.damaged:
        terminal.complain(
            f"{summary.out}/{damage.path}: damaged ({damage.cause}); set aside as {damage.moved_to}"
        )
    rules = [(rule, f"{count:,}") for rule, count in summary.rules[:12]]
    terminal.table("Removed", [Column("rule", share=1), Column("blocks", "right")], rows=rules)
    pages = summary.articles + len(summary.rejections)
    rate = f", {pages / summary.seconds:,.0f} a second" if summary.seconds > 0 else ""
    stored = ", ".join(f"{count:,} {added.value}" for added, count in summary.added)
    terminal.say(
        f"{summary.articles:,} articles, {len(summary.rejections):,} rejected "
        f"({stored}) in {summary.seconds:,.1f} s{rate}"
    )
    terminal.say(f"articles: {summary.out}/articles  rejects: {summary.out}/rejects")
