"""Explanations: every block is shown, in its place, for articles and for what was rejected."""

from cleaners.config import CleanConfig
from cleaners.model import Article, Page, Reason
from cleaners.report.explain import explain
from cleaners.report.explain_page import explain_page

BODY = "\n\n".join(
    f"The harbour council said on day {n} that the ferry to Brack Island would run again soon, "
    "although the pier is still being repaired after the storm."
    for n in range(6)
)
TEXT = f"- Home\n- Tide Tables\n- Weather\n\n{BODY}\n"
PAGE = (
    "<html><head><title>Ferry | Harbour Gazette</title></head><body><nav><a href='/'>Home</a></nav>"
    "<article><h1>Ferry to Brack Island</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in BODY.split("\n\n"))
    + "</article></body></html>"
)


def test_a_text_is_shown_whole() -> None:
    found = explain(Page(content=TEXT.encode(), source="a.txt", kind="text"))
    assert isinstance(found.outcome, Article)
    assert found.rejection is None
    assert "\n\n".join(s.text for s in found.shown if s.removal is None) == found.outcome.text
    removed = [s.text for s in found.shown if s.removal is not None]
    assert any("Tide Tables" in text for text in removed)
    assert found.kept + len(removed) == len(found.shown)
    page = explain_page(found)
    assert all(text in page for text in ("Tide Tables", "Brack Island", "Kept as article"))


def test_a_rejected_page_is_shown_as_it_would_have_been() -> None:
    strict = CleanConfig(min_words=100_000)
    found = explain(Page(content=PAGE.encode(), source="l.html", kind="html"), config=strict)
    assert found.rejection is not None
    assert found.rejection.reason is Reason.TOO_SHORT
    assert found.article is not None
    assert found.article.text in "\n\n".join(s.text for s in found.shown if s.removal is None)
    page = explain_page(found)
    assert f"Rejected at {found.rejection.stage.value}" in page
    assert "Brack Island" in page
    assert any(field.name == "title" and field.evidence for field in found.fields)


def test_a_short_text_shows_its_words() -> None:
    found = explain(Page(content=b"The ferry is late.", source="s.txt", kind="text"))
    assert found.rejection is not None
    assert found.rejection.reason is Reason.TOO_SHORT
    assert [s.text for s in found.shown] == ["The ferry is late."]


def test_nothing_at_all() -> None:
    found = explain(Page(content=b" ", source="e.txt", kind="text"))
    assert found.article is None
    assert found.decoded is None
    assert not found.shown
    assert "Rejected at input: empty" in explain_page(found)
