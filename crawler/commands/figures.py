"""The figures of an output as tables in the terminal."""

from cleaners.report.data import ReportData
from crawler.terminal import Column, Terminal, one_line

_ROWS = 20


def show_figures(terminal: Terminal, data: ReportData) -> None:
    """Tables of sites, languages, stories, rejections and rules; or one JSON record."""
    pages = data.articles + data.read
    terminal.record(
        "stats",
        {
            "articles": data.articles,
            "rejected": data.rejected,
            "pages_read": pages,
            "words": data.words,
            "kept_chars": data.kept_chars,
            "all_chars": data.raw_chars,
            "undated": data.coverage.undated,
            "sites": {
                s.domain: {"articles": s.articles, "rejected": s.rejected} for s in data.sites
            },
            "languages": {each.name: each.first for each in data.languages},
            "stories": len(data.stories),
            "reasons": {f"{r.stage}/{r.reason}": r.count for r in data.refusals},
            "rules": {rule.name: rule.blocks for rule in data.rules},
        },
    )
    terminal.table(
        "Sites",
        [
            Column("site", share=1),
            Column("articles", "right"),
            Column("rejected", "right"),
            Column("words", "right"),
        ],
        [
            (s.domain, f"{s.articles:,}", f"{s.rejected:,}", f"{s.words:,}")
            for s in data.sites[:_ROWS]
        ],
    )
    languages = [(each.name, f"{each.first:,}") for each in data.languages[:_ROWS]]
    terminal.table(
        "Languages", [Column("language", share=1), Column("articles", "right")], languages
    )
    terminal.table(
        "Stories",
        [
            Column("story", share=1),
            Column("reports", "right"),
            Column("copies", "right"),
            Column("sites", "right"),
        ],
        [
            (
                one_line(s.title, 90),
                str(s.reports),
                str(s.articles - s.reports),
                str(len(s.domains)),
            )
            for s in data.stories[:_ROWS]
        ],
    )
    reasons = [(r.reason, r.stage, f"{r.count:,}") for r in data.refusals[:_ROWS]]
    columns = [Column("reason", share=1), Column("stage"), Column("pages", "right")]
    terminal.table("Rejected", columns, reasons)
    rules = [(r.name, r.stage, f"{r.blocks:,}") for r in data.rules[:_ROWS]]
    columns = [Column("rule", share=1), Column("stage"), Column("blocks", "right")]
    terminal.table("Removed", columns, rules)
    share = f" ({data.articles / pages:.0%} of the pages read)" if pages else ""
    terminal.say(f"{data.articles:,} articles{share}, {data.words:,} words")
