"""What `winnow watch` remembers across restarts: each job's last run."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cleaners.store.disk import Steps, no_steps

FILE_NAME = "watch.json"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a job; times aware. `ended_at` is None while it runs or if it was cut off."""

    started_at: datetime
    ended_at: datetime | None = None
    ending: str = "running"
    """running, finished, limit-reached, interrupted, failed, timeout."""
    fetched: int = 0
    articles: int = 0
    rejected: int = 0
    alarms: tuple[str, ...] = ()
    error: str | None = None

    @property
    def was_cut_off(self) -> bool:
        """Whether it began and its end is not known: the process or the machine went down."""
        return self.ended_at is None

    @property
    def failed(self) -> bool:
        """Whether it ended badly."""
        return self.ending in ("failed", "timeout")


@dataclass(frozen=True, slots=True)
class Memory:
    """The last runs by job name; kept in a small file that is replaced as a whole."""

    path: Path
    runs: dict[str, LastRun] = field(default_factory=dict)
    steps: Steps = no_steps

    @classmethod
    def load(cls, path: Path) -> "Memory":
        """What the file says; a file that does not read is as good as none (jobs run when due)."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {str(name): _from_values(values) for name, values in stored.items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls(path)

    def keep(self, name: str, run: LastRun) -> None:
        """Remember a run, durably. Raises OSError."""
        self.runs[name] = run
        self.path.parent.mkdir(parents=True, exist_ok=True)
        hidden = self.path.with_name(f".{self.path.name}.tmp")
        values = {name: _to_values(run) for name, run in self.runs.items()}
        self.steps("write")
        with open(hidden, "w", encoding="utf-8") as file:
            json.dump(values, file, indent=1)
            file.flush()
            self.steps("sync")
            os.fsync(file.fileno())
        self.steps("replace")
        os.replace(hidden, self.path)


def _to_values(run: LastRun) -> dict[str, object]:
    values = asdict(run)
    values["started_at"] = run.started_at.isoformat()
    values["ended_at"] = run.ended_at.isoformat() if run.ended_at else None
    return values


def _from_values(values: Mapping[str, object]) -> LastRun:
    known = {name: values[name] for name in LastRun.__dataclass_fields__ if name in values}
    known["started_at"] = _moment(values["started_at"])
    known["ended_at"] = _moment(values["ended_at"]) if values.get("ended_at") else None
    alarms = values.get("alarms")
    known["alarms"] = tuple(str(a) for a in alarms) if isinstance(alarms, list) else ()
    return LastRun(**known)  # type: ignore[arg-type]


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
