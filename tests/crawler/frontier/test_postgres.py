import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cleaners.errors import StoreError
from crawler.frontier import session
from crawler.frontier.base import LEASE_SECONDS
from crawler.frontier.postgres import PostgresFrontier
from crawler.model import Lead
from tests.crawler.frontier.contract import NOW, FrontierContract, Open, article, lease
from tests.crawler.frontier.server import Server, running
from tests.crawler.results import articles
from tests.crawler.test_kill import faulty_web, killed, start
from tests.crawler.web import serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def opens(server: Server) -> Iterator[Open]:
    made: list[PostgresFrontier] = []
    address = server.schema()

    def open_it(*, job: str = "job", now: float = NOW) -> PostgresFrontier:
        made.append(PostgresFrontier(address, job=job, now=now))
        return made[-1]

    yield open_it
    for frontier in made:
        frontier.close()


class TestPostgresFrontier(FrontierContract):
    """The shared frontier keeps the contract."""


def test_two_workers_share_the_work_and_a_host_has_one(opens: Open) -> None:
    one, two = opens(), opens()
    one.add([Lead(f"http://{host}.example/{n}") for host in "ab" for n in range(3)], now=NOW)
    first = lease(one, limit=1, per_host=1)
    second = lease(two, limit=9, per_host=9)
    assert {task.host for task in first}.isdisjoint(task.host for task in second)
    assert len(second) == 3
    one.close()
    assert len(lease(opens(), limit=9, per_host=9)) == 2


def test_n_workers_ask_a_host_at_the_pace_of_one(opens: Open) -> None:
    workers = [opens() for _ in range(4)]
    workers[0].add([Lead(f"http://a.example/{n}") for n in range(40)], now=NOW)
    taken: list[float] = []
    for tenth in range(100):
        now = NOW + tenth / 10
        for worker in workers:
            taken += [now] * len(lease(worker, now=now, pause=1.0))
    assert len(taken) == 10
    assert min(b - a for a, b in pairwise(taken)) >= 0.99


def test_leases_of_a_dead_worker_come_back_when_they_run_out(opens: Open) -> None:
    dead, alive = opens(), opens()
    dead.add([Lead("http://a.example/1"), Lead("http://b.example/2")], now=NOW)
    assert len(lease(dead)) == 2
    assert lease(alive) == ()
    assert alive.next_ready_at(now=NOW) is not None, "others' work may bring more"
    later = NOW + LEASE_SECONDS + 1
    assert len(lease(alive, now=later)) == 2


def test_a_renewed_lease_does_not_run_out(opens: Open) -> None:
    slow, other = opens(), opens()
    slow.add([Lead("http://a.example/1")], now=NOW)
    tasks = lease(slow)
    slow.renew(tasks, now=NOW + LEASE_SECONDS - 1)
    assert lease(other, now=NOW + LEASE_SECONDS + 1) == ()


def test_a_round_is_over_when_the_last_worker_is_done(opens: Open) -> None:
    one, two = opens(), opens()
    one.add([Lead("http://a.example/1"), Lead("http://b.example/2")], now=NOW)
    (task,) = lease(one, limit=1)
    (other,) = lease(two, limit=5)
    one.settle([article(task)], now=NOW)
    one.finish()
    assert opens(now=NOW + 1).resumed
    two.settle([article(other)], now=NOW)
    two.finish()
    assert not opens(now=NOW + 2).resumed


def test_workers_that_add_the_same_links_do_not_block_each_other(opens: Open) -> None:
    workers = [opens() for _ in range(3)]
    added: list[int] = []

    def work(number: int) -> None:
        leads = [Lead(f"http://a.example/{n}") for n in range(300)]
        random.Random(number).shuffle(leads)
        added.append(
            sum(workers[number].add(leads[at : at + 50], now=NOW) for at in range(0, 300, 50))
        )

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(added) == 300


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError) as caught:
        PostgresFrontier("postgresql://winnow:s3same@127.0.0.1:9/x", job="job", now=NOW)
    assert "s3same" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)


def test_a_restart_of_the_server_is_waited_for(server: Server, opens: Open) -> None:
    frontier = opens()
    frontier.add([Lead("http://a.example/1")], now=NOW)
    server.stop()
    restarted = threading.Timer(1.0, server.start)
    restarted.start()
    (task,) = lease(frontier)
    restarted.join()
    frontier.settle([article(task)], now=NOW)
    assert frontier.counts().done == 1


def test_a_server_that_stays_away_is_told(
    server: Server, opens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontier = opens()
    monkeypatch.setattr(session, "RECONNECT_SECONDS", (0.05, 0.05))
    server.stop()
    try:
        with pytest.raises(StoreError, match="gone"):
            frontier.counts()
    finally:
        server.start()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_workers_with_kills_lose_and_double_nothing(server: Server, tmp_path: Path) -> None:
    chance = random.Random(5)
    web, fronts, urls = faulty_web(chance, hosts=6, pages=15)
    address = server.schema()
    manners = {"delay": 0.1, "per_host": 1, "concurrency": 8}
    with serving(web):
        workers = [
            start(web, tmp_path, fronts, frontier=address, manners=manners) for _ in range(3)
        ]
        hits = sum(killed(worker, chance.uniform(0.5, 2.5), web) for worker in workers[:2])
        workers += [start(web, tmp_path, fronts, frontier=address, manners=manners)]
        for worker in workers[2:]:
            printed, errors = worker.communicate(timeout=400)
            assert json.loads(printed or "{}").get("ending") == "finished", errors
    assert hits >= 1
    assert set(articles(tmp_path)) == set(urls)
    answered = Counter(
        asked.url for asked in web.log if asked.status == 200 and "/news/" in asked.url
    )
    assert sum(count - 1 for count in answered.values()) <= hits * 8
    for host in {asked.host for asked in web.log}:
        times = sorted(web.times(host))
        quick = sum(b - a < 0.05 for a, b in pairwise(times))
        assert quick <= 4, f"{host} was asked faster than one worker would"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_restart_in_the_middle_of_a_crawl_loses_nothing(server: Server, tmp_path: Path) -> None:
    web, fronts, urls = faulty_web(random.Random(9), hosts=3, pages=15)
    address = server.schema()
    manners = {"delay": 0.1, "per_host": 1, "concurrency": 8}
    with serving(web):
        worker = start(web, tmp_path, fronts, frontier=address, manners=manners)
        while len(web.log) < 15 and worker.poll() is None:
            time.sleep(0.05)
        server.stop()
        time.sleep(2.0)
        server.start()
        printed, errors = worker.communicate(timeout=200)
    assert json.loads(printed or "{}").get("ending") == "finished", errors
    assert set(articles(tmp_path)) == set(urls)
    answered = Counter(a.url for a in web.log if a.status == 200 and "/news/" in a.url)
    assert max(answered.values()) == 1
