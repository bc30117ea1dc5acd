"""What every frontier must do; each kind of frontier runs these tests on itself."""

from collections.abc import Callable, Mapping

from cleaners.model import Discovery, Reason, Rejection, Stage
from crawler.frontier.base import Frontier, Payload, Robots, Settlement
from crawler.model import Kind, Lead, Task

Open = Callable[..., Frontier]
"""Opens the same frontier again: open(job=…, now=…)."""

NOW = 1_000_000.0


def lease(
    frontier: Frontier,
    *,
    now: float = NOW,
    limit: int = 10,
    busy: Mapping[str, int] | None = None,
    per_host: int = 10,
    pause: float = 0.0,
) -> tuple[Task, ...]:
    return frontier.lease(
        now=now,
        limit=limit,
        busy=busy or {},
        per_host=per_host,
        pause=lambda delay: max(delay, pause),
    )


def article(task: Task, **more: object) -> Settlement:
    return Settlement(task, status=200, next_visit_at=NOW, interval=0.0, **more)  # type: ignore[arg-type]


def refused(url: str) -> Lead:
    verdict = Rejection(url, url, Stage.DISCOVER, Reason.OFF_SCOPE, "elsewhere")
    return Lead(url, verdict=verdict)


class FrontierContract:
    """Subclasses give `opens`, a fixture that opens the frontier under test."""

    def test_spellings_of_one_url_are_one_task(self, opens: Open) -> None:
        frontier = opens()
        same = ("http://a.example/x", "https://www.a.example/x/", "http://a.example/x?utm_source=f")
        assert frontier.add([Lead(url) for url in same], now=NOW) == 1
        assert [task.url for task in lease(frontier)] == ["http://a.example/x"]
        assert lease(frontier) == ()

    def test_best_first_then_in_order_of_arrival(self, opens: Open) -> None:
        frontier = opens()
        leads = [
            Lead("http://a.example/1", priority=1),
            Lead("http://b.example/2", priority=5),
            Lead("http://a.example/3", priority=1),
            Lead("http://a.example/4", priority=9),
        ]
        frontier.add(leads, now=NOW)
        assert [task.url[-1] for task in lease(frontier)] == ["4", "2", "1", "3"]

    def test_discovery_travels(self, opens: Open) -> None:
        frontier = opens()
        found = Discovery(
            "feed", "http://a.example/feed", score=0.5, reasons=("a", "b"), title="Tí"
        )
        frontier.add([Lead("http://a.example/1", Kind.FEED, 2.0, 3, 1, found)], now=NOW)
        (task,) = lease(frontier)
        assert (task.discovery, task.kind, task.depth, task.hops) == (found, Kind.FEED, 3, 1)

    def test_a_host_is_asked_at_its_pace(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://a.example/{n}") for n in range(3)], now=NOW)
        frontier.set_delay("a.example", crawl=10.0)
        assert len(lease(frontier)) == 1
        assert lease(frontier, now=NOW + 9.9) == ()
        assert frontier.next_ready_at(now=NOW) == NOW + 10
        assert len(lease(frontier, now=NOW + 10)) == 1

    def test_a_host_has_so_many_in_flight_and_others_go_on(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://{h}.example/{n}") for h in "ab" for n in range(5)], now=NOW)
        tasks = lease(frontier, busy={"a.example": 2}, per_host=3)
        assert sorted(task.host for task in tasks) == ["a.example", *["b.example"] * 3]

    def test_hold_is_never_shortened_and_outlives_the_process(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead("http://a.example/1")], now=NOW)
        frontier.hold("a.example", NOW + 60)
        frontier.hold("a.example", NOW + 5)
        frontier.close()
        frontier = opens()
        assert lease(frontier, now=NOW + 59) == ()
        assert len(lease(frontier, now=NOW + 60)) == 1

    def test_retry_waits_and_counts(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead("http://a.example/1")], now=NOW)
        (task,) = lease(frontier)
        frontier.retry(task, at=NOW + 4)
        assert lease(frontier, now=NOW + 3) == ()
        (again,) = lease(frontier, now=NOW + 4)
        assert (task.attempts, again.attempts) == (0, 1)

    def test_settling_ends_a_task_and_adds_its_links(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead("http://a.example/1")], now=NOW)
        (task,) = lease(frontier)
        links = (
            Lead("http://a.example/2"),
            refused("http://b.example/"),
            Lead("http://a.example/1"),
        )
        frontier.settle([article(task, leads=links)], now=NOW)
        assert [t.url for t in lease(frontier)] == ["http://a.example/2"]
        counts = frontier.counts()
        assert (counts.ready, counts.leased, counts.done) == (0, 1, 2)
        assert frontier.unseen([*links, Lead("http://a.example/3")]) == (
            Lead("http://a.example/3"),
        )

    def test_a_round_that_broke_off_is_taken_up_without_asking_again(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://a.example/{n}", asked=True) for n in (1, 2)], now=NOW)
        first, _ = lease(frontier)
        frontier.settle([article(first)], now=NOW)
        frontier.close()
        frontier = opens()
        assert frontier.resumed
        frontier.add([Lead(f"http://a.example/{n}", asked=True) for n in (1, 2)], now=NOW)
        assert [task.url for task in lease(frontier, now=NOW + 9_999)] == ["http://a.example/2"]

    def test_the_next_round_asks_for_what_is_due_with_validators(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://a.example/{n}") for n in (1, 2)], now=NOW)
        one, two = lease(frontier)
        frontier.settle([article(one, etag='"x"', last_modified="then")], now=NOW)
        later = Settlement(two, next_visit_at=NOW + 3600, interval=3600.0)
        frontier.settle([later], now=NOW)
        frontier.finish()
        frontier.close()
        frontier = opens(now=NOW + 1)
        assert not frontier.resumed
        frontier.add([Lead(f"http://a.example/{n}") for n in (1, 2)], now=NOW + 1)
        (task,) = lease(frontier, now=NOW + 1)
        assert (task.url, task.etag, task.last_modified) == ("http://a.example/1", '"x"', "then")
        frontier.settle([article(task, unchanged=True)], now=NOW + 1)
        frontier.finish()
        frontier.close()
        frontier = opens(now=NOW + 2)
        assert {task.etag for task in lease(frontier, now=NOW + 2)} == {'"x"'}

    def test_limit_reached_is_taken_up_in_the_next_round(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://a.example/{n}") for n in range(3)], now=NOW)
        tasks = frontier.drain(2, now=NOW)
        assert len(tasks) == 2
        ends = [Settlement(t, Stage.DISCOVER, Reason.LIMIT_REACHED) for t in tasks]
        frontier.settle(ends, now=NOW)
        frontier.add([Lead(task.url) for task in tasks], now=NOW)
        (third,) = lease(frontier)
        frontier.settle([Settlement(third, next_visit_at=NOW + 99)], now=NOW)
        frontier.finish()
        frontier.close()
        assert len(lease(opens(now=NOW + 1), now=NOW + 1)) == 2

    def test_another_job_decides_anew_about_what_was_not_related(self, opens: Open) -> None:
        frontier = opens(job="story")
        frontier.add([Lead(f"http://a.example/{n}") for n in (1, 2)], now=NOW)
        one, two = lease(frontier)
        far = NOW + 1e6
        ends = [
            Settlement(one, Stage.RELATE, Reason.NOT_RELATED, next_visit_at=far),
            Settlement(two, Stage.FETCH, Reason.HTTP_ERROR, next_visit_at=far),
        ]
        frontier.settle(ends, now=NOW)
        frontier.finish()
        frontier.close()
        frontier = opens(job="site", now=NOW + 1)
        frontier.add([Lead(f"http://a.example/{n}") for n in (1, 2)], now=NOW + 1)
        assert [task.url for task in lease(frontier, now=NOW + 1)] == ["http://a.example/1"]

    def test_what_was_archived_is_not_fetched_again(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead(f"http://a.example/{n}") for n in (1, 2)], now=NOW)
        one, _ = lease(frontier)
        frontier.archived(one, "w-0.warc.gz", 77)
        frontier.close()
        frontier = opens(now=NOW + 1_000)
        task, other = lease(frontier, now=NOW + 1_000)
        assert (task.url, task.archived_in, task.archived_at) == (one.url, "w-0.warc.gz", 77)
        assert other.archived_in is None
        frontier.release([task])
        (task,) = lease(frontier, now=NOW + 1_000)
        assert task.archived_in == "w-0.warc.gz"
        frontier.retry(task, at=NOW)
        (task,) = lease(frontier, now=NOW + 1_000)
        assert task.archived_in is None

    def test_another_spelling_keeps_the_task(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead("http://a.example/x")], now=NOW)
        (task,) = lease(frontier)
        frontier.ask_elsewhere(task, "https://www.a.example/x/", at=NOW)
        (again,) = lease(frontier)
        assert (again.url, again.host, again.hops) == (
            "https://www.a.example/x/",
            "www.a.example",
            1,
        )
        assert again.fingerprint == task.fingerprint

    def test_robots_and_payloads_are_kept(self, opens: Open) -> None:
        frontier = opens()
        assert frontier.robots("http://a.example") is None
        frontier.save_robots("http://a.example", Robots(200, b"User-agent: *", NOW))
        frontier.save_payload("sha1:A", Payload("<urn:1>", "http://a.example/1", "2026"))
        frontier.save_payload("sha1:A", Payload("<urn:2>", "http://a.example/2", "2027"))
        frontier.close()
        frontier = opens()
        assert frontier.robots("http://a.example") == Robots(200, b"User-agent: *", NOW)
        assert frontier.payload("sha1:A") == Payload("<urn:1>", "http://a.example/1", "2026")

    def test_forgotten_visits_are_made_anew(self, opens: Open) -> None:
        frontier = opens()
        frontier.add([Lead("http://a.example/1")], now=NOW)
        (task,) = lease(frontier)
        end = Settlement(task, etag='"x"', next_visit_at=NOW + 1e6, interval=1e6)
        frontier.settle([end], now=NOW)
        frontier.finish()
        frontier.close()
        fresh = opens(now=NOW + 1)
        fresh.forget_visits()
        assert fresh.add([Lead("http://a.example/1")], now=NOW + 1) == 1
        (again,) = lease(fresh, now=NOW + 1)
        assert again.etag is None
