"""`winnow clean`: pages and texts that are there already."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose, Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaners.scale.batch import Told
    from crawler.jobs import Cleaned, CleanSummary
    from crawler.terminal import Terminal

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files, folders, globs, or - for standard input: text, Markdown, HTML, MHTML, "
        "gz of these, zip, tar, JSON lines, Parquet, WARC; or s3://bucket/folder of such.",
    ),
]


class Engine(StrEnum):
    """What `winnow clean` runs on."""

    LOCAL = "local"
    RAY = "ray"


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
    engine: Annotated[
        Engine, typer.Option("--engine", help="Clean on this machine, or on a Ray cluster.")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            metavar="HOST:PORT",
            help="The Ray cluster; auto: the one this machine is in.  [default: a Ray of its own]",
        ),
    ] = None,
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
    if address and engine is not Engine.RAY:
        raise typer.BadParameter("goes with --engine ray", param_hint="--address")
    job = CleanJob(
        paths=tuple(paths),
        out=session.settings.out,
        config=session.settings.clean,
        workers=workers or session.settings.workers,
        follow_links=follow_links,
        engine=engine.value,
        address=address,
    )
    with _watching(session.terminal) as watch:
        summary = clean_paths(job, watch=watch)
    show_cleaned(session.terminal, summary)
    return 1 if summary.rejections or summary.before.rejected or summary.damaged else 0


@contextmanager
def _watching(terminal: "Terminal") -> "Iterator[Callable[[Cleaned], None]]":
    """A watcher that moves the bar, prints a line for each failed input, or JSON."""
    from crawler.terminal import one_line

    seen = 0
    with terminal.progress() as bar:
        task = bar.add_task("cleaning", total=None, count="starting", rate="", note="")

        def watch(cleaned: "Cleaned") -> None:
            nonlocal seen
            seen += 1
            told = cleaned.told
            terminal.record("outcome", _as_record(told, cleaned.added.value))
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            done = min(cleaned.files_done, cleaned.files)
            count = f"{done:,}/{cleaned.files:,}"
            bar.update(task, completed=done, total=cleaned.files, count=count, rate=rate)
            if told.reason is None:
                terminal.detail(f"{told.source}: {one_line(told.title or 'no title', 80)}")
            elif not terminal.json:
                detail = f" ({told.detail})" if told.detail else ""
                terminal.complain(one_line(f"{told.source}: {told.reason}{detail}"))
            if not terminal.interactive and seen % _LINE_EVERY == 0:
                terminal.say(f"{done:,} of {cleaned.files:,} files done")

        yield watch


_LINE_EVERY = 1_000


def _as_record(told: "Told", added: str) -> dict[str, object]:
    """An outcome as --json prints it; see docs/reference/json.md."""
    if told.reason is None:
        return {
            "outcome": "article",
            "source": told.source,
            "url": told.url,
            "title": told.title,
            "authors": list(told.authors),
            "published_at": told.published_at.isoformat() if told.published_at else None,
            "language": told.language,
            "words": told.words,
            "removed_blocks": told.removed_blocks,
            "stored": added,
        }
    return {
        "outcome": "rejection",
        "source": told.source,
        "url": told.url,
        "stage": told.stage,
        "reason": told.reason,
        "detail": told.detail,
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
            "done_before": asdict(summary.before),
            "stored": {added.value: count for added, count in summary.added},
            "removed_blocks": summary.removed_blocks,
            "seconds": round(summary.seconds, 3),
        },
    )
    for damage in summary.damaged:
        terminal.complain(
            f"{summary.out}/{damage.path}: damaged ({damage.cause}); set aside as {damage.moved_to}"
        )
    if summary.before.inputs:
        terminal.say(
            f"went on after a run that was cut off: {summary.before.inputs:,} files were done "
            f"({summary.before.articles:,} articles, {summary.before.rejected:,} rejected)"
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
