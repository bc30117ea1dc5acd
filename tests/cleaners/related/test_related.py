"""Stories, candidates and articles, on the invented stories of benchmarks/related_stories.jsonl."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.related_eval import Tally, Text, seedings, stories
from cleaners.model import Candidate, Seed, Story
from cleaners.related import RELATED, WORTH_FETCHING, profile, queries, rank, score_article

TEXTS = stories()
BY_TITLE = {text.title: text for text in TEXTS}
BRIDGE = BY_TITLE["Four dead as Lindqvist Bridge collapses in Castow"]


def told_by(*titles: str) -> Story:
    (story,) = profile([BY_TITLE[title].seed() for title in titles])
    return story


def score(story: Story, text: Text) -> float:
    found = score_article(
        story, text.title, text.text, published=text.published, language=text.language
    )
    assert 0.0 <= found.score <= 1.0
    assert found.why
    return found.score


@pytest.mark.parametrize(
    ("half", "precision", "recall"), [("tune", 0.95, 0.97), ("held", 0.95, 0.92)]
)
def test_tellings_are_found_among_look_alikes(half: str, precision: float, recall: float) -> None:
    tally = Tally()
    texts = [text for text in TEXTS if text.half == half]
    for (seed,) in seedings(texts, 1):
        (story,) = profile([seed.seed()])
        for text in texts:
            if text is not seed:
                tally.add(text.story == seed.story, score(story, text) >= RELATED)
    assert tally.hits / (tally.hits + tally.false) >= precision
    assert tally.hits / (tally.hits + tally.misses) >= recall


@pytest.mark.parametrize(
    ("title", "related"),
    [
        ("Inspectors had warned of cracks at Lindqvist Bridge", True),
        ("Divers search the Aune after bridge disaster", True),
        ("Brückeneinsturz in Castow: Zahl der Toten steigt", True),
        ("Footbridge collapse injures 17 tourists in Port Serrat", False),  # same kind, elsewhere
        ("Castow mayor Orrick goes on trial over stadium contract", False),  # same people
        ("Castow council fights over tram fares", False),  # same people, next day
        ("How safe are our bridges? Engineers take stock", False),  # same subject
    ],
)
def test_what_belongs_to_the_bridge(title: str, related: bool) -> None:
    story = told_by(BRIDGE.title or "", "What we know about the tragedy on the Aune")
    assert (score(story, BY_TITLE[title]) >= RELATED) is related


def test_the_reasons_name_what_is_shared() -> None:
    text = BY_TITLE["Inspectors had warned of cracks at Lindqvist Bridge"]
    found = score_article(
        told_by(BRIDGE.title or ""), text.title, text.text, published=text.published, language="en"
    )
    said = " | ".join(found.why)
    assert "Castow" in said
    assert "Lindqvist" in said
    assert "2 days apart" in said


def test_a_gap_in_time_speaks_against_an_article() -> None:
    story = told_by(BRIDGE.title or "")
    text = BY_TITLE["Divers search the Aune after bridge disaster"]
    assert text.published
    near, far = (
        score_article(
            story, text.title, text.text, published=text.published + timedelta(days=days)
        ).score
        for days in (0, 400)
    )
    assert near > far


def test_seeds_of_one_story_are_one_and_of_two_are_two() -> None:
    titles = [
        BRIDGE.title or "",
        "Brightwell to buy Norsk Linde for 9.4 billion",
        "Inspectors had warned of cracks at Lindqvist Bridge",
        "Shares in gas maker soar on takeover bid",
    ]
    first, second = profile([BY_TITLE[title].seed() for title in titles])
    assert first.seed_ids == (BY_TITLE[titles[0]].id, BY_TITLE[titles[2]].id)
    assert second.seed_ids == (BY_TITLE[titles[1]].id, BY_TITLE[titles[3]].id)


def test_a_story_shows_names_dates_and_languages() -> None:
    story = told_by(BRIDGE.title or "", "Inspectors had warned of cracks at Lindqvist Bridge")
    assert {"Castow", "Lindqvist Bridge", "Orrick"} <= set(story.names)
    assert story.title == BRIDGE.title
    assert story.languages == ("en",)
    assert story.first_date == datetime(2026, 3, 4, 9, 10, tzinfo=UTC)
    assert story.last_date == datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
    assert "Dorn" in " ".join(story.names)


def test_seeds_without_text_tell_no_story() -> None:
    assert profile([]) == ()
    assert profile([Seed("x", None, " \n")]) == ()


def test_a_headline_alone_is_a_story() -> None:
    (story,) = profile([Seed("x", "Lindqvist Bridge collapses in Castow", "")])
    assert score(story, BRIDGE) > score(story, BY_TITLE["Medora opens chocolate museum"])


def test_queries_are_short_and_few() -> None:
    asked = queries(told_by(BRIDGE.title or ""))
    assert 2 <= len(asked) <= 5
    assert len(set(asked)) == len(asked)
    assert all(1 <= len(query.terms) <= 3 for query in asked)
    assert any("Castow" in query.text for query in asked)
    assert queries(told_by(BRIDGE.title or ""), limit=1) == asked[:1]


def candidate(title: str | None, path: str = "/x", **more: object) -> Candidate:
    return Candidate(f"https://nord.example{path}", "feed", title=title, **more)  # type: ignore[arg-type]


def test_candidates_are_ranked_by_what_little_is_known() -> None:
    story = told_by(BRIDGE.title or "")
    day = datetime(2026, 3, 5, tzinfo=UTC)
    ranked = rank(
        story,
        [
            candidate("Medora opens chocolate museum", "/a", published=day),
            candidate("Castow: diver recalls night on the Lindqvist Bridge", "/b", published=day),
            candidate(None, "/2026/03/05/castow-bridge-collapse-inquiry-begins"),
            candidate("Castow bridge collapse: victims named", "/d", published=day),
        ],
    )
    worth = {item.url.rpartition("/")[2] for item in ranked if (item.score or 0) >= WORTH_FETCHING}
    assert worth == {"b", "d", "castow-bridge-collapse-inquiry-begins"}
    assert ranked[-1].url.endswith("/a")
    assert all(item.why for item in ranked)
    assert [item.score for item in ranked] == sorted((i.score for i in ranked), reverse=True)  # type: ignore[type-var]


def test_the_snippet_and_the_date_count() -> None:
    story = told_by(BRIDGE.title or "")
    plain, with_snippet, old = (
        rank(story, [item])[0].score or 0.0
        for item in (
            candidate("A morning of horror"),
            candidate(
                "A morning of horror", snippet="Castow mourns after the Lindqvist Bridge fell."
            ),
            candidate("A morning of horror", published=datetime(2019, 1, 1, tzinfo=UTC)),
        )
    )
    assert with_snippet > plain > old


def test_a_candidate_without_words_is_worth_it_only_on_the_same_days() -> None:
    story = told_by(BRIDGE.title or "")
    today = candidate(None, "/4711", published=datetime(2026, 3, 4, 20, tzinfo=UTC))
    later = candidate(None, "/4712", published=datetime(2026, 5, 4, tzinfo=UTC))
    first, second = rank(story, [later, today])
    assert (first.url, first.score) == (today.url, WORTH_FETCHING)
    assert (second.score or 0.0) < WORTH_FETCHING


def test_importing_costs_no_word_list() -> None:
    code = "import cleaners.related, sys; sys.exit('wordfreq' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=200),
    st.text(max_size=200),
    st.sampled_from(["en", "de", "ja", "ru", "ar", "xx", None]),
)
def test_any_text_gives_a_score(seed_text: str, text: str, language: str | None) -> None:
    for story in profile([Seed("s", seed_text[:40], seed_text, language)]):
        assert 0.0 <= score_article(story, text[:30], text, language=language).score <= 1.0
        (ranked,) = rank(story, [Candidate("https://nord.example/x", "feed", title=text)])
        assert 0.0 <= (ranked.score or 0.0) <= 1.0
        queries(story)
