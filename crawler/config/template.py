"""The commented winnow.toml that `winnow init` writes: every setting, its default, what it does."""

import re
import textwrap
from dataclasses import dataclass

from crawler.config.fields import Setting, all_settings, toml_of

_TITLES = {
    "clean": "How pages are cleaned.",
    "politeness": "How sites are treated. Please put your own address into user_agent.",
    "crawl": "How far a run goes.",
    "watch": "How `winnow watch` behaves.",
    "notify": "Whom to tell when a run fails or a site falls silent.",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What someone wants to follow; anything left empty becomes a commented example."""

    name: str = "my-story"
    seeds: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    schedule: str = ""
    out: str = "output"
    contact: str = ""


def write_template(answers: Answers) -> str:
    """The text of the file; settings that keep their default are commented out."""
    settings = all_settings()
    lines = [
        "# Winnow's settings. Flags of a command override the environment (WINNOW_…),",
        "# which overrides this file. `winnow config` shows what is in force and why.",
        "",
    ]
    for setting in settings:
        if setting.section == "":
            value = toml_of(answers.out) if setting.key == "out" else None
            lines += _entry(setting, value)
    lines += ["", "# ── What to follow " + "─" * 60, *_story(answers), "", *_site_example()]
    for section, title in _TITLES.items():
        lines += ["", f"# ── {title} " + "─" * max(3, 72 - len(title)), f"[{section}]"]
        for setting in settings:
            if setting.section == section:
                lines += _entry(setting, _chosen(setting, answers))
    return "\n".join(lines) + "\n"


def _story(answers: Answers) -> list[str]:
    """The story that was asked for, or an example of one."""
    wanted = bool(answers.seeds)
    sources = answers.sites or answers.feeds or answers.search
    entries = {
        "seeds": answers.seeds or ("seeds/",),
        "sites": answers.sites or (() if sources else ("https://news.example/",)),
        "feeds": answers.feeds,
        "search": answers.search,
        "schedule": answers.schedule or "every 6 hours",
    }
    lines = ["# A story: documents about it, and where its coverage may be."]
    name = answers.name if re.fullmatch(r"[A-Za-z0-9_-]+", answers.name) else toml_of(answers.name)
    body = [f"[stories.{name}]"]
    for key, value in entries.items():
        mark = "" if value and (key != "schedule" or answers.schedule) else "# "
        body.append(f"{mark}{key} = {toml_of(value)}")
    return lines + [line if wanted or line.startswith("#") else f"# {line}" for line in body]


def _site_example() -> list[str]:
    return [
        "# A site to keep whole.",
        "# [sites.harbour-news]",
        '# urls = ["https://harbour.example/"]',
        "# limit = 200",
        '# schedule = "daily at 06:30"',
    ]


def _chosen(setting: Setting, answers: Answers) -> str | None:
    if setting.name == "politeness.user_agent" and answers.contact:
        return toml_of(f"Winnow/1.0 (news research; {answers.contact})")
    return None


def _entry(setting: Setting, value: str | None) -> list[str]:
    """Help as a comment, then the key: set, or commented out with its default."""
    lines = [f"# {line}" for line in textwrap.wrap(setting.help, 90)]
    if value is not None:
        return [*lines, f"{setting.key} = {value}"]
    return [*lines, f"# {setting.key} = {setting.default or ''}".rstrip()]
