"""What this process has under way: leased tasks, and how many requests are at each host."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.frontier.base import Frontier
from crawler.lanes import Lane
from crawler.model import CrawlJob, Kind, Task
from crawler.politeness import adapted, pause

CLEANING_ROOM = 2
"""In flight altogether, as a multiple of the requests: fetching goes on while pages are cleaned."""
FEWEST_SHARE = 4
"""Tasks are taken when there is room for so great a part of the requests, not one by one."""


@dataclass(slots=True)
class Leases:
    """Takes tasks from the frontier within the bounds of the job's manners."""

    job: CrawlJob
    frontier: Frontier
    lane: Lane
    clock: Callable[[], float]
    roll: Callable[[], float]
    tasks: dict[str, Task] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    _paces: dict[str, float] = field(default_factory=dict)

    def room(self, fetched: int) -> int:
        """How many tasks may be taken now, when `fetched` pages count against the limit."""
        concurrency = self.job.manners.concurrency
        free = concurrency * CLEANING_ROOM - len(self.tasks)
        if free < concurrency // FEWEST_SHARE:
            return 0
        if not self.job.limit:
            return free
        pages = sum(task.kind is Kind.PAGE for task in self.tasks.values())
        return min(free, self.job.limit - fetched - pages)

    async def take(self, room: int) -> tuple[Task, ...]:
        """Up to `room` tasks whose hosts may be asked now."""
        manners = self.job.manners
        tasks = await self.lane.run(
            self.frontier.lease,
            now=self.clock(),
            limit=room,
            busy=dict(self.busy),
            per_host=manners.per_host,
            pause=lambda delay: pause(delay, manners, self.roll()),
        )
        for task in tasks:
            self.tasks[task.fingerprint] = task
            self.busy[task.host] += 1
        return tasks

    def left_network(self, task: Task) -> None:
        """The answer to a task is here, or it failed: its host is free for the next."""
        if self.busy[task.host] > 1:
            self.busy[task.host] -= 1
        else:
            self.busy.pop(task.host, None)

    def gone(self, task: Task) -> None:
        """The task has an end or went back."""
        self.tasks.pop(task.fingerprint, None)

    async def hold(self, task: Task, seconds: float) -> None:
        """Leave the task's host alone for a while, in this run and the next."""
        await self.lane.run(self.frontier.hold, task.host, self.clock() + seconds)

    async def adapt(self, task: Task, latency: float, status: int) -> None:
        """Let the host's pace follow its answer times."""
        manners = self.job.manners
        if not manners.adaptive or manners.delay <= 0:
            return
        old = self._paces.get(task.host, 0.0)
        delay = adapted(old, latency, status, manners)
        self._paces[task.host] = delay
        if max(old, delay) <= manners.delay or abs(delay - old) < old / 10:
            return  # it would change no pause by much
        await self.lane.run(self.frontier.set_delay, task.host, adaptive=delay)
