"""Settings in the terminal, with the place each comes from."""

from crawler.config import Settings
from crawler.config.fields import PER_JOB, all_settings, toml_of
from crawler.redact import redact
from crawler.terminal import Column, Terminal


def show_settings(terminal: Terminal, settings: Settings, *, everything: bool) -> None:
    """A table (or JSON lines) of keys, values and origins; passwords never show."""
    rows: list[tuple[str, str, str]] = []
    for setting in all_settings():
        if setting.section in PER_JOB:
            continue
        holder = getattr(settings, setting.section) if setting.section else settings
        value = getattr(holder, setting.key)
        origin = settings.origins.get(setting.name)
        place = origin.place if origin else "default"
        shown = redact(toml_of(value) or "(unset)")
        terminal.record(
            "setting", {"key": setting.name, "value": redact_value(value), "origin": place}
        )
        if origin or everything:
            rows.append((setting.name, shown, place))
    columns = [Column("key", share=2), Column("value", share=3), Column("from", share=2)]
    terminal.table("Settings", columns, rows)
    if not rows:
        terminal.say("every setting has its default; `winnow config --all` lists them")
    jobs = []
    for job in settings.jobs:
        terminal.record("job", {"name": job.name, "kind": job.kind, "schedule": job.schedule})
        jobs.append((job.name, job.kind, job.schedule or "by hand"))
    terminal.table("Jobs", [Column("name", share=1), Column("kind"), Column("when")], jobs)
    where = settings.file or "no winnow.toml here; `winnow init` writes one"
    terminal.say(f"file: {where}")


def redact_value(value: object) -> object:
    """A setting's value for JSON, without passwords."""
    if isinstance(value, str):
        return redact(value)
    return [redact_value(item) for item in value] if isinstance(value, tuple) else value
