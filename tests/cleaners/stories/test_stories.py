"""Stories on small inventions: grouping, stable ids, the same result whatever the order."""

import os
import random
import shutil
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Press, Report
from benchmarks.synthetic import article as synthetic
from cleaners.model import Article, Metadata
from cleaners.store.dataset import Dataset
from cleaners.stories import LinkResult, link
from cleaners.stories.cluster import EASE, average_link, parts
from cleaners.stories.likeness import SAME_STORY, compare
from cleaners.stories.naming import name_stories
from cleaners.stories.pairs import Profiles, weigh_by_rarity
from cleaners.stories.profile import KIND, LEAD, NAME, TITLE, read_profile
from cleaners.stories.spelling import spelling_key
from tests.cleaners.store.samples import hidden_files, shown, stamp

NOW = datetime(2026, 4, 1, tzinfo=UTC)
DAY = datetime(2026, 3, 4, 9, tzinfo=UTC)

WIRE = """PORT CALDER, March 4 (Wireline) - Ferry crews in Port Calder ended a nine-day strike on
Wednesday after the Norrland Line promised 212 new cabins for night staff, the union said.

Union leader Ines Varga called the deal "a bed for everyone who works at three in the morning". The
first boat, the Maid of Skerrin, left for Hjelm at noon with 640 passengers.

The strike had cut off four islands and cost the line 3.4 million crowns, managing director Olof
Brandt told reporters on the quay. Talks with the engineers go on next week."""
REWRITTEN = """After nine days the boats are back. The Maid of Skerrin sailed from Port Calder to
Hjelm on Wednesday with 640 people on board, hours after Ines Varga and her union had signed.

What the crews won are cabins: 212 of them, so that those on the night shift need not sleep in the
galley. Norrland Line director Olof Brandt put the losses at 3.4 million crowns and did not smile.

Four islands had been without fresh milk. The engineers, who struck alongside, are still waiting."""
OTHER = """The town council of Brackwater voted on Tuesday to rebuild the tram depot that burnt
down in January. Treasurer Emil Thorsen said that the insurers would pay 18 million crowns.

Opponents led by Greta Lund had asked for a bus garage instead. The vote was seven to six, and the
mayor, Piet Vantongeren, announced that building would begin in May under architect Yara Solheim."""


def told(site: str, title: str, text: str, hours: int = 0, **metadata: Any) -> Article:
    url = f"https://{site}.example/{abs(hash((site, title))) % 10**9}"
    given = Metadata(title=title, published_at=DAY + timedelta(hours=hours), **metadata)
    return Article(source=url, url=url, text=text, markdown=text, metadata=given, language="en")


ARTICLES = {
    "wire": told("wireline", "Port Calder ferry strike ends", WIRE),
    "copy": told("gazette", "Boats sail again", WIRE.rpartition("\n\n")[0], 5),
    "own": told("courier", "A bed at three in the morning", REWRITTEN, 9),
    "other": told("courier", "Brackwater to rebuild tram depot", OTHER, 2),
}


def store(out: Path, *articles: Article) -> LinkResult:
    with Dataset.open(out).writer(stamp()) as writer:
        for article in articles:
            writer.add(article)
    return link(Dataset.open(out), now=NOW)


def stories(out: Path) -> dict[str, dict[str, Any]]:
    urls: dict[str, str] = dict(shown(out, "articles", "article_id", "url"))
    names = {str(article.url): name for name, article in ARTICLES.items()}
    rows = pq.read_table(out / "stories").to_pylist()
    assert len({row["article_id"] for row in rows}) == len(rows)
    return {names.get(urls[row["article_id"]], urls[row["article_id"]]): row for row in rows}


def killed_at(out: Path, number: int) -> bool:
    """Link in a fork that kills itself before step `number`; False if it ended before."""
    child = os.fork()
    if child == 0:
        left = number

        def step(_: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            link(Dataset.open(out, steps=step), now=NOW)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_before_every_step_of_linking(tmp_path: Path) -> None:
    base = tmp_path / "base"
    store(base, ARTICLES["own"], ARTICLES["other"])
    before = stories(base)
    with Dataset.open(base).writer(stamp("run-2")) as writer:
        writer.add(ARTICLES["wire"])
        writer.add(ARTICLES["copy"])
    number = 0
    while True:
        out = tmp_path / f"out-{number}"
        shutil.copytree(base, out)
        killed = killed_at(out, number)
        seen = stories(out)
        assert seen == before or len(seen) == 4
        link(Dataset.open(out), now=NOW)
        after = stories(out)
        assert after["wire"]["story_id"] == before["own"]["story_id"]
        assert after["copy"]["duplicate_kind"] == "syndicated"
        if not killed:
            break
        number += 1
    assert number >= 4


def test_a_story_with_a_copy_an_own_report_and_another_story(tmp_path: Path) -> None:
    result = store(tmp_path, *ARTICLES.values())
    rows = stories(tmp_path)
    ids = dict(shown(tmp_path, "articles", "url", "article_id"))
    assert rows["wire"]["story_id"] == rows["copy"]["story_id"] == rows["own"]["story_id"]
    assert rows["other"]["story_id"] != rows["wire"]["story_id"]
    assert rows["copy"]["duplicate_of"] == ids[str(ARTICLES["wire"].url)]
    assert (rows["copy"]["duplicate_kind"], rows["copy"]["agency"]) == ("syndicated", "Wireline")
    assert rows["copy"]["similarity"] > 0.95
    assert rows["own"]["duplicate_of"] is None
    story = rows["own"]
    assert (story["story_articles"], story["story_reports"]) == (3, 2)
    assert story["story_domains"] == ["courier.example", "gazette.example", "wireline.example"]
    assert (story["story_first_at"], story["story_last_at"]) == (DAY, DAY + timedelta(hours=9))
    assert story["story_title"] in {ARTICLES[name].title for name in ("wire", "copy", "own")}
    assert (result.articles, result.syndicated, result.stories) == (4, 1, 1)


def test_again_reads_no_text_and_changes_nothing(tmp_path: Path) -> None:
    first = store(tmp_path, *ARTICLES.values())
    before = stories(tmp_path)
    again = link(Dataset.open(tmp_path), now=NOW)
    assert (first.read, again.read) == (4, 0)
    assert stories(tmp_path) == before


def test_a_story_that_grows_keeps_its_id(tmp_path: Path) -> None:
    store(tmp_path, ARTICLES["own"], ARTICLES["other"])
    before = stories(tmp_path)
    # The new ones are earlier, so that an id made of the earliest article would change.
    result = store(tmp_path, ARTICLES["wire"], ARTICLES["copy"])
    after = stories(tmp_path)
    assert result.read == 2
    assert after["wire"]["story_id"] == before["own"]["story_id"] == after["own"]["story_id"]
    assert after["other"]["story_id"] == before["other"]["story_id"]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_makes_no_difference(tmp_path: Path, seed: int) -> None:
    given = list(ARTICLES.values())
    store(tmp_path / "one", *given)
    random.Random(seed).shuffle(given)
    store(tmp_path / "other", *given)
    assert stories(tmp_path / "one") == stories(tmp_path / "other")


def test_one_by_one_is_as_all_at_once(tmp_path: Path) -> None:
    for article in ARTICLES.values():
        store(tmp_path / "slow", article)
    store(tmp_path / "fast", *ARTICLES.values())
    slow, fast = stories(tmp_path / "slow"), stories(tmp_path / "fast")
    for name in ARTICLES:
        for column in ("duplicate_of", "duplicate_kind", "story_articles", "story_reports"):
            assert slow[name][column] == fast[name][column], (name, column)


def test_a_document_without_a_date_belongs_to_a_story_of_any_day(tmp_path: Path) -> None:
    undated = replace(ARTICLES["own"], metadata=Metadata(title="A bed at three in the morning"))
    store(tmp_path, ARTICLES["wire"], ARTICLES["other"], undated)
    rows = stories(tmp_path)
    assert rows["own"]["story_id"] == rows["wire"]["story_id"] != rows["other"]["story_id"]


def test_grown_text_on_another_address_of_the_site_is_an_update(tmp_path: Path) -> None:
    later = told("wireline", "Ferry strike over", f"{WIRE}\n\n{REWRITTEN[-180:]}", 4)
    store(tmp_path, ARTICLES["wire"], later)
    row = stories(tmp_path)[str(later.url)]
    assert row["duplicate_kind"] == "update"


def test_a_changed_text_is_linked_anew(tmp_path: Path) -> None:
    store(tmp_path, *ARTICLES.values())
    changed = replace(ARTICLES["copy"], text=OTHER, markdown=OTHER)
    assert store(tmp_path, changed).read == 1
    rows = stories(tmp_path)
    assert rows["copy"]["story_id"] == rows["other"]["story_id"]
    assert rows["copy"]["duplicate_kind"] == "exact"
    assert rows["wire"]["duplicate_of"] is None


def test_what_cleaning_anew_says_of_the_same_text_counts(tmp_path: Path) -> None:
    plain = WIRE.partition(") - ")[2]
    first, second = told("gazette", "Boats sail", plain), told("courier", "Boats again", plain, 3)
    assert store(tmp_path, first, second).exact == 1
    credited = replace(second.metadata, published_at=DAY - timedelta(hours=9), wire_agency="AFP")
    with Dataset.open(tmp_path).writer(stamp("run-2"), refresh=True) as writer:
        writer.add(replace(second, metadata=credited))
    found = link(Dataset.open(tmp_path), now=NOW)
    assert (found.read, found.syndicated) == (1, 1)
    rows = stories(tmp_path)
    assert rows[str(second.url)]["duplicate_of"] is None
    assert rows[str(first.url)]["duplicate_kind"] == "syndicated"


def test_copies_of_an_article_that_is_gone_are_compared_anew(tmp_path: Path) -> None:
    for hours, site in enumerate(("gazette", "courier", "mail")):
        store(tmp_path, told(site, "Boats again", OTHER, hours))
    (gone,) = [
        path
        for path in (tmp_path / "articles").rglob("*.parquet")
        if "gazette" in pq.ParquetFile(path).read(["url"])["url"][0].as_py()
    ]
    gone.unlink()
    assert link(Dataset.open(tmp_path), now=NOW).exact == 1
    assert sorted(row["story_reports"] for row in stories(tmp_path).values()) == [1, 1]


def test_texts_without_words_are_no_copies(tmp_path: Path) -> None:
    assert store(tmp_path, told("gazette", "A", "!!!"), told("courier", "B", "…")).exact == 0


def test_without_its_memory_linking_reads_again_and_says_the_same(tmp_path: Path) -> None:
    store(tmp_path, *ARTICLES.values())
    before = stories(tmp_path)
    for file in (tmp_path / ".winnow" / "profiles").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert link(Dataset.open(tmp_path), now=NOW).read == 4
    assert stories(tmp_path) == before


def test_an_empty_output_has_no_stories(tmp_path: Path) -> None:
    assert store(tmp_path).articles == 0
    assert pq.read_table(tmp_path / "stories").num_rows == 0


def test_many_links_leave_one_memory(tmp_path: Path) -> None:
    press = Press(3, words=2_000)
    reports: list[Report] = [press.event(number, 1)[0] for number in range(24)]
    for start in range(0, 24, 2):
        store(
            tmp_path, *(synthetic(r, start + n) for n, r in enumerate(reports[start : start + 2]))
        )
    assert len(hidden_files(tmp_path)) < 10
    assert link(Dataset.open(tmp_path), now=NOW).read == 0


def test_average_link_resists_chains() -> None:
    table = np.array(
        [[-1, 0.9, 0.1, 0.0], [0.9, -1, 0.4, 0.1], [0.1, 0.4, -1, 0.8], [0.0, 0.1, 0.8, -1]],
        np.float32,
    )
    assert average_link(table, 0.3) == [0, 0, 2, 2]
    assert average_link(table, 0.1) == [0, 0, 0, 0]


def test_a_large_story_asks_less_of_an_article_than_another_story_does() -> None:
    def linked(sizes: list[int], between: float) -> list[int]:
        told = np.repeat(np.arange(len(sizes)), sizes)
        table = np.where(told[:, None] == told, 0.5, between).astype(np.float32)
        np.fill_diagonal(table, -1.0)
        return average_link(table, SAME_STORY, EASE)

    almost = SAME_STORY - 2.5 * EASE
    assert linked([1, 1], almost) == [0, 1]
    assert linked([8, 1], almost) == [0] * 9
    assert linked([2, 1], almost) == [0, 0, 2]
    assert linked([8, 8], almost) == [0] * 8 + [8] * 8
    # However large it grows, what is hardly alike stays out.
    assert linked([40, 1], SAME_STORY - 4.5 * EASE) == [0] * 40 + [40]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_parts_are_connected_components(pairs: list[tuple[int, int]]) -> None:
    label = parts(20, np.array(pairs, np.int64).reshape(-1, 2))
    for one, other in pairs:
        assert label[one] == label[other]
    assert all(label[label[row]] == label[row] <= row for row in range(20))
    touched = {row for pair in pairs for row in pair}
    assert all(label[row] == row for row in set(range(20)) - touched)


def test_a_split_story_leaves_its_name_to_the_larger_part() -> None:
    ids = [f"{number:x}" * 32 for number in range(6)]
    before = dict.fromkeys(ids[:5], "old")
    names = name_stories([ids[:2], ids[2:5], ids[5:]], before, [ids[0], ids[2], ids[5]])
    assert names == [ids[0][:16], "old", ids[5][:16]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Corvela", "Корвела"),
        ("Zelensky", "Зеленский"),
        ("Brackwater", "Brackwaters"),
        ("Łódź", "Lodz"),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


def test_different_names_stay_different() -> None:
    names = ("Corvela", "Calder", "Hjelm", "Lomvik", "Brandt", "Varga", "Thorsen")
    assert len({spelling_key(name) for name in names}) == len(names)


def _profiles(texts: list[str], days: list[float], sites: list[int]) -> Profiles:
    made = [read_profile(None, text, "en") for text in texts]
    keys = np.stack([profile.keys for profile in made])
    kinds = np.stack([profile.kinds for profile in made])
    weights = np.stack([profile.weights for profile in made])
    count = len(texts)
    return Profiles(
        keys=keys,
        weights=weigh_by_rarity(keys, weights, kinds),
        kinds=kinds,
        times=np.array([day * 86_400e6 for day in days], np.int64),
        dated=np.ones(count, np.bool_),
        languages=np.zeros(count, np.int32),
        sites=np.array(sites, np.int32),
    )


def test_days_between_them_and_a_common_site_make_articles_less_alike() -> None:
    profiles = _profiles([WIRE, REWRITTEN, REWRITTEN, REWRITTEN], [0, 0, 20, 0], [0, 1, 1, 0])
    soon, late, one_site = compare(profiles, np.array([(0, 1), (0, 2), (0, 3)]))
    assert soon > SAME_STORY
    assert soon > one_site > late


def test_a_long_text_is_no_more_alike_for_its_common_words() -> None:
    common = "The people said that they would go on with their work in the town this week. "
    other = "A court in Harvel freed the baker Tomas Wieck on Monday, for want of evidence. "
    profiles = _profiles([WIRE + common * 6, other + common * 6, WIRE], [0, 0, 0], [0, 1, 2])
    told_apart, told_together = compare(profiles, np.array([(0, 1), (0, 2)]))
    assert told_apart < SAME_STORY < told_together


def test_a_profile_remembers_what_stands_in_front() -> None:
    profile = read_profile("Ferry crews end strike", WIRE, "en")
    named = dict(zip(profile.keys.tolist(), profile.kinds.tolist(), strict=True))
    title = read_profile("Ferry crews end strike", "-", "en").keys
    assert all(named[key] & TITLE and named[key] & LEAD for key in title[title != 0].tolist())
    later = read_profile(None, "Ines Varga", "en").keys
    assert [named[key] & KIND for key in later[later != 0].tolist()] == [NAME, NAME]
    assert read_profile(None, WIRE, "en").kinds.max() & (LEAD | TITLE)
