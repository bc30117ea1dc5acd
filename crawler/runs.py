"""Run records: stored as JSON in OUT/reports, read back, and compared with the runs before."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from crawler.model import RunRecord, SiteRecord
from crawler.redact import redact

FOLDER = "reports"
EARLIER_RUNS = 10
"""Runs that a site's yield is compared with."""
EXPECTED_ARTICLES = 3.0
"""Mean articles of earlier runs from which on none at all is an alarm, not chance."""
MIN_PAGES = 10
REJECTED_SHARE = 0.95
USUAL_SHARE = 0.5
"""A site that kept half its pages and now one in twenty has changed, or blocks us."""


def record_values(record: RunRecord) -> dict[str, object]:
    """A run record as plain values for JSON; times in ISO 8601."""
    values = asdict(record)
    values["started_at"] = record.started_at.isoformat()
    values["ended_at"] = record.ended_at.isoformat()
    values["seconds"] = round(record.seconds, 3)
    values["pages_per_second"] = round(record.pages_per_second, 3)
    values["error"] = redact(record.error) if record.error else None
    values["notes"] = [redact(note) for note in record.notes]
    return values


def save_record(record: RunRecord) -> Path:
    """Write OUT/reports/run-<id>.json, whole or not at all. Raises OSError."""
    folder = Path(record.out) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"run-{record.run_id}.json"
    hidden = folder / f".{path.name}.tmp"
    hidden.write_text(json.dumps(record_values(record), ensure_ascii=False, indent=1), "utf-8")
    os.replace(hidden, path)
    return path


def load_records(out: Path, *, limit: int = EARLIER_RUNS) -> tuple[RunRecord, ...]:
    """The latest records of an output, newest first; files that are none are passed over."""
    paths = sorted((out / FOLDER).glob("run-*.json"), reverse=True)
    found = (_load(path) for path in paths)
    return tuple(record for record in found if record is not None)[:limit]


def _load(path: Path) -> RunRecord | None:
    try:
        values = json.loads(path.read_text("utf-8"))
        known = {name: values[name] for name in RunRecord.__dataclass_fields__ if name in values}
        known["started_at"] = datetime.fromisoformat(values["started_at"])
        known["ended_at"] = datetime.fromisoformat(values["ended_at"])
        known["sites"] = tuple(SiteRecord(**site) for site in values["sites"])
        known["reasons"] = tuple((str(name), int(count)) for name, count in values["reasons"])
        known["slowest_hosts"] = tuple((str(n), float(s)) for n, s in values["slowest_hosts"])
        known["notes"] = tuple(str(note) for note in values["notes"])
        return RunRecord(**known)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def compared(sites: Iterable[SiteRecord], earlier: Sequence[RunRecord]) -> tuple[SiteRecord, ...]:
    """The sites with what their earlier runs gave, and an alarm where a site has fallen silent.

    `earlier` are records of the same spider. Sites that earlier runs lived on and this one did not
    hear of are added, with nothing fetched.
    """
    now = {site.site: site for site in sites}
    history: dict[str, list[SiteRecord]] = {}
    for record in earlier:
        for site in record.sites:
            history.setdefault(site.site, []).append(site)
    judged = [_judged(site, history.get(site.site, [])) for site in now.values()]
    return tuple(judged)


def _judged(site: SiteRecord, earlier: Sequence[SiteRecord]) -> SiteRecord:
    runs = [record for record in earlier if record.fetched]
    if not runs:
        return site
    fetched = sum(record.fetched for record in runs)
    good = sum(record.articles + record.unchanged for record in runs)
    mean, share = good / len(runs), good / fetched
    site = replace(site, earlier_articles=round(share, 3))
    return replace(site, alarm=_alarm(site, mean, share))


def _alarm(site: SiteRecord, mean: float, share: float) -> str | None:
    good = site.articles + site.unchanged
    if good == 0 and mean >= EXPECTED_ARTICLES:
        return f"no article at all, where earlier runs gave {mean:.0f}"
    bad = 1.0 - good / site.fetched if site.fetched else 0.0
    if site.fetched >= MIN_PAGES and bad >= REJECTED_SHARE and share >= USUAL_SHARE:
        return f"{bad:.0%} of the pages are rejected, where earlier runs kept {share:.0%}"
    return None


def reasons_of(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """(reason, count), the most frequent first."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((str(name), count) for name, count in ranked)
