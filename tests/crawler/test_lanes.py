"""Blocking work beside the event loop keeps its order, and every result arrives."""

import asyncio
import threading

import pytest

from crawler.lanes import Lane


def test_results_arrive_in_order_however_many_wait() -> None:
    async def ask() -> list[int]:
        lane = Lane("test")
        order: list[int] = []
        given = await asyncio.gather(*(lane.run(order.append, n) for n in range(2_000)))
        lane.close()
        assert given == [None] * 2_000
        return order

    assert asyncio.run(ask()) == list(range(2_000))


def test_a_failure_reaches_who_waits_and_who_does_not() -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    async def ask() -> list[str]:
        lane = Lane("test")
        heard: list[str] = []
        lane.post(fail, lambda error: heard.append(str(error)))
        with pytest.raises(OSError, match="full"):
            await lane.run(fail)
        lane.close()
        return heard

    assert asyncio.run(ask()) == ["the disk is full"]


def test_the_loop_goes_on_while_a_lane_is_busy() -> None:
    async def ask() -> int:
        lane, over = Lane("test"), threading.Event()
        waiting = asyncio.ensure_future(lane.run(over.wait, 30))
        ticks = 0
        while ticks < 10:
            await asyncio.sleep(0.001)
            ticks += 1
        over.set()
        assert await waiting
        lane.close()
        return ticks

    assert asyncio.run(ask()) == 10
