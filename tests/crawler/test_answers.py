import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.model import Rejection
from cleaners.store.warc_writer import Exchange
from crawler.answers import host_hold, read_answer
from crawler.model import Kind, Manners, Task, Visit
from crawler.urls import fingerprint
from crawler.wishes import says_noarchive

URL = "http://nord.example/a"
TASK = Task(fingerprint(URL), URL, "nord.example", Kind.PAGE, 0.0, 0, 0, 0)
CASES = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))
WHEN = datetime(2026, 3, 4, tzinfo=UTC)


def exchange_of(case: dict[str, Any]) -> Exchange:
    body = gzip.compress(bytes(case["zeros"])) if "zeros" in case else case.get("body", "").encode()
    headers = tuple((k.encode(), v.encode()) for k, v in case.get("headers", {}).items())
    return Exchange(URL, "GET", (), case["status"], "", headers, body, WHEN)


def meaning(visit: Visit) -> str:
    if visit.unchanged:
        return "unchanged"
    if visit.redirect:
        return "redirect"
    if visit.retry_after is not None:
        return "retry"
    if isinstance(visit.outcome, Rejection):
        return visit.outcome.reason
    return "page" if visit.page else "nothing"


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_an_answer_means(case: dict[str, Any]) -> None:
    task = replace(TASK, **case.get("task", {}))
    manners = Manners(**case.get("manners", {}))
    visit = read_answer(task, exchange_of(case), manners, now=0.0, roll=0.5)
    assert meaning(visit) == case["expect"]
    if "to" in case:
        assert visit.redirect == case["to"]
    if "leads" in case:
        assert [lead.url for lead in visit.leads] == case["leads"]
        assert all(lead.hops == task.hops + 1 for lead in visit.leads)
    if "hold" in case:
        assert host_hold(exchange_of(case), task.attempts, 0.0) == case["hold"]
    if "detail" in case:
        assert isinstance(visit.outcome, Rejection)
        assert case["detail"] in visit.outcome.detail


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(["Location", "Retry-After", "Content-Encoding", "X-Robots-Tag"]),
        st.text(max_size=20),
    ),
    st.binary(max_size=60),
)
def test_any_answer_means_something(status: int, headers: dict[str, str], body: bytes) -> None:
    given = tuple((k.encode(), v.encode("utf-8", "replace")) for k, v in headers.items())
    exchange = Exchange(URL, "GET", (), status, "", given, body, WHEN)
    visit = read_answer(TASK, exchange, Manners(), now=0.0, roll=0.5)
    assert meaning(visit) != "nothing"


@pytest.mark.parametrize(
    ("headers", "body", "says"),
    [
        ({"X-Robots-Tag": "noarchive"}, "", True),
        ({}, '<meta name="robots" content="index, noarchive">', True),
        ({}, "<p>The word noarchive in a text</p>", False),
        ({}, "", False),
    ],
)
def test_noarchive_is_read_from_headers_and_markup(
    headers: dict[str, str], body: str, says: bool
) -> None:
    assert (
        says_noarchive(exchange_of({"status": 200, "headers": headers, "body": body}), Manners())
        is says
    )
