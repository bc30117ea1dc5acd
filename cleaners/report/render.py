"""ReportData as one HTML file: figures and charts that need no script, lists that one filters."""

from datetime import datetime

from cleaners.report.charts import BarRow, bar_table, column_chart, short_date
from cleaners.report.data import Bin, Listed, ReportData, Run
from cleaners.report.page import embedded, escape, frame, resource
from cleaners.report.tally import FILES
from cleaners.version import __version__

SHOWN_ROWS = 15
STANDS_OUT = 1.2
"""A peak this much above the next highest is worth a headline."""


def render_report(data: ReportData) -> str:
    """The whole page."""
    body = "\n".join(
        [
            _head(data),
            _coverage(data),
            _stories(data),
            '<div class="pair">',
            _sites(data),
            _languages(data),
            "</div>",
            _refusals(data),
            _rules(data),
            _runs(data),
            _articles(data),
            _rejects(data),
            f"<footer>Made by Winnow {escape(__version__)} on {data.made_at:%-d %B %Y, %H:%M} UTC. "
            "This file holds everything it shows and asks the network for nothing.</footer>",
            embedded("articles-data", [_listed(article) for article in data.listed]),
            embedded("rejects-data", [list(reject) for reject in data.rejects]),
        ]
    )
    return frame(
        title=f"Winnow report: {data.name}",
        body=body,
        style=resource("report.css"),
        script=resource("report.js"),
    )


def _head(data: ReportData) -> str:
    pages = data.articles + data.read
    share = f"{data.articles / pages:.0%}" if pages else "–"
    removed = f"{1 - data.kept_chars / data.raw_chars:.0%}" if data.raw_chars else "–"
    figures = [
        (f"{data.articles:,}", "articles"),
        (f"{len([s for s in data.sites if s.articles]):,}", "sites"),
        (f"{len(data.stories):,}", "stories told more than once"),
        (share, f"of {pages:,} pages read were articles"),
        (removed, "of their text was chrome, and removed"),
    ]
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(number)}</dd></div>" for number, label in figures
    )
    return (
        '<a class="skip" href="#list">Skip to the articles</a>'
        f'<header><p class="kicker">Winnow report</p><h1>{escape(data.name)}</h1></header>'
        f'<dl class="figures">{items}</dl>'
    )


def _section(title: str, lead: str, content: str, identity: str = "") -> str:
    name = f' id="{identity}"' if identity else ""
    said = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f"<section{name}><h2>{escape(title)}</h2>{said}{content}</section>"


def _coverage(data: ReportData) -> str:
    coverage = data.coverage
    title = _coverage_title(data)
    notes = []
    if coverage.earlier:
        notes.append(f"{coverage.earlier:,} older articles are not shown")
    if coverage.undated:
        notes.append(f"{coverage.undated:,} have no date")
    note = f'<p class="note">{escape("; ".join(notes))}.</p>' if notes else ""
    key = (
        '<p class="key"><span class="swatch own"></span> own reports '
        '<span class="swatch copy"></span> copies, reprints and updates</p>'
    )
    rows = "".join(
        f'<tr><th scope="row">{b.start.isoformat()}</th><td class="number">{b.own}</td>'
        f'<td class="number">{b.copies}</td></tr>'
        for b in coverage.bins
        if b.own + b.copies
    )
    table = (
        f"<details><summary>The numbers</summary><table><thead><tr>"
        f'<th scope="col">{escape(coverage.unit)} from</th><th scope="col" class="number">own</th>'
        f'<th scope="col" class="number">copies</th></tr></thead><tbody>{rows}</tbody></table>'
        "</details>"
        if rows
        else ""
    )
    lead = f"Articles published by {coverage.unit}"
    return _section(title, lead, key + column_chart(coverage) + note + table)


def _coverage_title(data: ReportData) -> str:
    """What the chart shows, when one bin stands out; else what it is about."""
    bins, unit = data.coverage.bins, data.coverage.unit
    ranked = sorted(bins, key=lambda b: b.own + b.copies, reverse=True)
    if len(ranked) < 2 or sum(_both(b) for b in bins) < 5:
        return "Coverage over time"
    if _both(ranked[0]) < STANDS_OUT * _both(ranked[1]):
        return (
            f"Coverage from {short_date(bins[0].start, unit)} to {short_date(bins[-1].start, unit)}"
        )
    where = {"day": "on", "week": "in the week from"}.get(unit, "in")
    return f"Coverage was widest {where} {short_date(ranked[0].start, unit)}"


def _both(each: Bin) -> int:
    return each.own + each.copies


def _stories(data: ReportData) -> str:
    rows = [
        BarRow(
            name=story.title,
            parts=(story.reports, max(0, story.articles - story.reports)),
            cells=(
                f"{story.reports}",
                f"{story.articles - story.reports}",
                f"{len(story.domains)}",
                _span(story.first_at, story.last_at),
            ),
        )
        for story in data.stories
    ]
    heads = ("story", "reports", "copies", "sites", "told")
    tables = _folded(rows, "Stories by independent reports", heads, ("own", "copy"))
    copies = sum(story.articles - story.reports for story in data.stories)
    if not rows:
        hint = "Nothing yet. “winnow link” finds stories and copies among what is stored."
        return _section("Stories", "", f'<p class="note">{escape(hint)}</p>')
    lead = "Independent reports and reprints of each story that more than one article tells"
    title = f"{copies:,} of the stories’ articles are copies" if copies else "Stories"
    return _section(title, lead, tables)


def _span(first: datetime | None, last: datetime | None) -> str:
    days = [f"{moment.day} {moment:%b}" for moment in (first, last) if moment is not None]
    return " – ".join(dict.fromkeys(days)) or "–"


def _folded(
    rows: list[BarRow], caption: str, heads: tuple[str, ...], classes: tuple[str, ...] = ("own",)
) -> str:
    """The first rows as a table, all of them behind a fold."""
    shown = bar_table(caption, heads, rows[:SHOWN_ROWS], classes=classes)
    if len(rows) <= SHOWN_ROWS:
        return shown
    rest = bar_table(caption, heads, rows[SHOWN_ROWS:], classes=classes)
    return f"{shown}<details><summary>{len(rows) - SHOWN_ROWS:,} more</summary>{rest}</details>"


def _sites(data: ReportData) -> str:
    rows = [
        BarRow(
            name=site.domain,
            parts=(site.articles, site.rejected),
            cells=(
                f"{site.articles:,}",
                f"{site.rejected:,}",
                f"{site.unread:,}",
                f"{site.removed_share:.0%}" if site.articles else "–",
            ),
        )
        for site in data.sites
    ]
    key = (
        '<p class="key"><span class="swatch own"></span> articles '
        '<span class="swatch gone"></span> rejected</p>'
    )
    heads = ("site", "articles", "rejected", "not read", "chrome")
    title = "Sites"
    if len(data.sites) > 1 and data.sites[0].domain != FILES and data.articles:
        title = f"{data.sites[0].domain} gives {data.sites[0].articles / data.articles:.0%}"
        title += " of the articles"
    lead = "Pages that were read; chrome is the share of their text that was removed"
    return _section(title, lead, key + _folded(rows, "Pages by site", heads, ("own", "gone")))


def _languages(data: ReportData) -> str:
    rows = [BarRow(each.name, (each.first,), (f"{each.first:,}",)) for each in data.languages]
    return _section(
        "Languages", "Articles by detected language", _folded(rows, "Languages", ("", "articles"))
    )


def _refusals(data: ReportData) -> str:
    rows = [
        BarRow(f"{refusal.reason} ({refusal.stage})", (refusal.count,), (f"{refusal.count:,}",))
        for refusal in data.refusals
    ]
    examples = "".join(
        f"<dt>{escape(refusal.reason)} <small>{escape(refusal.stage)}</small></dt>"
        + "".join(
            f"<dd>{escape(source)}{f' <small>{escape(detail)}</small>' if detail else ''}</dd>"
            for source, detail in refusal.examples
        )
        for refusal in data.refusals
    )
    fold = f"<details><summary>Examples</summary><dl class='examples'>{examples}</dl></details>"
    lead = "Pages that did not become articles, by reason and stage"
    title = f"Rejected most often: {data.refusals[0].reason}" if data.refusals else "Rejections"
    table = _folded(rows, "Rejections", ("reason", "pages"), ("gone",))
    return _section(title, lead, table + (fold if data.refusals else ""))


def _rules(data: ReportData) -> str:
    rows = [
        BarRow(rule.name, (rule.blocks,), (f"{rule.blocks:,}", f"{rule.chars:,}"))
        for rule in data.rules
    ]
    examples = "".join(
        f"<dt>{escape(rule.name)} <small>{escape(rule.stage)}</small></dt>"
        + "".join(
            f"<dd><del>{escape(text)}</del> <small>{escape(source)}</small></dd>"
            for text, source in rule.examples
        )
        for rule in data.rules
    )
    fold = (
        f"<details><summary>What they took, for example</summary>"
        f"<dl class='examples'>{examples}</dl></details>"
    )
    blocks = sum(rule.blocks for rule in data.rules)
    return _section(
        f"{blocks:,} blocks of chrome removed" if blocks else "Removed chrome",
        "Blocks taken out of articles, by rule",
        _folded(rows, "Removed blocks", ("rule", "blocks", "characters"), ("gone",))
        + (fold if data.rules else ""),
    )


def _runs(data: ReportData) -> str:
    if not data.runs:
        return ""
    runs = data.runs[-30:]
    alarms = [(run, alarm) for run in runs[-3:] for alarm in run.alarms]
    warned = "".join(f"<li>{escape(run.run_id)}: {escape(alarm)}</li>" for run, alarm in alarms)
    rows = [
        BarRow(
            name=f"{run.started_at[:16].replace('T', ' ')} {run.spider}",
            parts=(run.articles, max(0, run.fetched - run.articles)),
            cells=(f"{run.articles:,}", f"{run.fetched:,}", f"{run.yield_share:.0%}"),
        )
        for run in reversed(runs)
    ]
    title = _trend(runs)
    warning = f'<ul class="alarms">{warned}</ul>' if warned else ""
    heads = ("run", "articles", "fetched", "yield")
    return _section(
        title,
        "Articles among fetched pages, run by run, latest first",
        warning + _folded(rows, "Runs", heads, ("own", "gone")),
    )


def _trend(runs: tuple[Run, ...]) -> str:
    """What the latest run says beside the earlier ones of its kind: the regression, in words."""
    last = runs[-1]
    before = [run for run in runs[:-1] if run.spider == last.spider and run.fetched]
    if not before or not last.fetched:
        return "Runs"
    usual = sum(run.articles for run in before) / sum(run.fetched for run in before)
    if last.yield_share < 0.7 * usual:
        return f"The latest run gave fewer articles: {last.yield_share:.0%}, usually {usual:.0%}"
    return f"The latest run gave articles at the usual rate: {last.yield_share:.0%}"


def _articles(data: ReportData) -> str:
    kept = ""
    if len(data.listed) < data.articles:
        kept = f"The newest {len(data.listed):,} of {data.articles:,} articles. "
    lead = f"{kept}Choose one to see it before and after cleaning."
    controls = (
        '<form class="filters" role="search" aria-label="Filter articles">'
        '<label>Search <input type="search" id="query" autocomplete="off" '
        'placeholder="title, text, author, site"></label>'
        '<label>Site <select id="site"><option value="">all</option></select></label>'
        '<label>Language <select id="language"><option value="">all</option></select></label>'
        '<label>Story <select id="story"><option value="">all</option></select></label>'
        '<label>Kind <select id="kind"><option value="">all</option>'
        '<option value="own">own reports</option><option value="copy">copies</option></select>'
        '</label><label>Order <select id="order"><option value="date">newest</option>'
        '<option value="relevance">most relevant</option><option value="words">longest</option>'
        '<option value="removed">most removed</option></select></label></form>'
    )
    return _section(
        "All articles",
        lead,
        f'{controls}<p id="count" role="status" aria-live="polite"></p><ol id="results"></ol>'
        '<button type="button" id="more" hidden>Show more</button>'
        "<noscript><p>Search and the before/after view need JavaScript.</p></noscript>"
        '<dialog id="view" aria-labelledby="view-title"><form method="dialog">'
        '<button class="close" aria-label="Close">Close ✕</button></form>'
        '<p class="kicker" id="view-meta"></p><h2 id="view-title"></h2>'
        '<p id="view-url"></p><fieldset><legend>Show</legend>'
        '<label><input type="radio" name="mode" id="after" checked> the cleaned text</label>'
        '<label><input type="radio" name="mode" id="before"> with what was removed</label>'
        '</fieldset><div id="view-text"></div></dialog>',
        identity="list",
    )


def _rejects(data: ReportData) -> str:
    if not data.rejects:
        return ""
    kept = ""
    if len(data.rejects) < data.rejected:
        kept = f"{len(data.rejects):,} of {data.rejected:,} rejections."
    return _section(
        "All rejections",
        kept,
        '<form class="filters" role="search" aria-label="Filter rejections"><label>Search '
        '<input type="search" id="reject-query" autocomplete="off" '
        'placeholder="address, reason, detail"></label><label>Reason '
        '<select id="reason"><option value="">all</option></select></label></form>'
        '<p id="reject-count" role="status" aria-live="polite"></p>'
        '<div class="wide"><table><thead><tr><th scope="col">source</th><th scope="col">reason</th>'
        '<th scope="col">detail</th></tr></thead><tbody id="reject-rows"></tbody></table></div>'
        '<button type="button" id="reject-more" hidden>Show more</button>',
        identity="rejections",
    )


def _listed(article: Listed) -> dict[str, object]:
    """What the page's script reads of an article."""
    return {
        "id": article.article_id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "site": article.domain,
        "date": article.published_at.date().isoformat() if article.published_at else "",
        "language": article.language,
        "words": article.words,
        "authors": list(article.authors),
        "story": article.story_id,
        "copy": article.duplicate_kind,
        "relevance": None if article.relevance is None else round(article.relevance, 3),
        "text": article.text,
        "removed": [list(removal) for removal in article.removed],
    }
