"""How a page was found and why it was turned away, as JSON for archives and databases."""

import json
from dataclasses import asdict
from datetime import datetime

from cleaners.model import Discovery, Reason, Rejection, Stage


def discovery_to_json(discovery: Discovery | None) -> str | None:
    """A Discovery without its empty fields; None for None."""
    if discovery is None:
        return None
    fields = asdict(discovery)
    fields["published"] = discovery.published.isoformat() if discovery.published else None
    kept = {key: value for key, value in fields.items() if value not in (None, (), [])}
    return json.dumps(kept, ensure_ascii=False)


def discovery_from_json(text: str | None) -> Discovery | None:
    """The Discovery of `discovery_to_json`; None for None and for what is no Discovery."""
    if not text:
        return None
    try:
        fields = json.loads(text)
        published = fields.get("published")
        score = fields.get("score")
        return Discovery(
            method=str(fields["method"]),
            source=fields.get("source"),
            seed_id=fields.get("seed_id"),
            score=float(score) if score is not None else None,
            reasons=tuple(str(reason) for reason in fields.get("reasons", ())),
            title=fields.get("title"),
            published=datetime.fromisoformat(published) if published else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def verdict_to_json(rejection: Rejection) -> str:
    """Stage, reason and detail of a rejection."""
    return json.dumps([rejection.stage, rejection.reason, rejection.detail], ensure_ascii=False)


def verdict_from_json(text: str) -> Rejection | None:
    """The Rejection of `verdict_to_json`, its source still to be filled in; None for others."""
    try:
        stage, reason, detail = json.loads(text)
        return Rejection(
            source="", url=None, stage=Stage(stage), reason=Reason(reason), detail=str(detail)
        )
    except (ValueError, TypeError, RecursionError):
        return None
