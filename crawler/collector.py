"""The garbage collector while a crawl is under way: it stops all threads, the event loop's too."""

import gc

YOUNG = (5_000, 10, 20)
"""Allocations between collections of the young (Python's own 700 makes seven times as many), and
how many of those come before one of the older generations."""

_before: list[tuple[int, int, int]] = []
_litter = False
"""Whether a crawl of this process has left garbage behind."""


def sweep() -> None:
    """Collect what earlier crawls of this process have left; before the event loop has work to do.

    What is frozen as garbage stays: .6 MB a crawl in a process that goes on.
    """
    global _litter
    if _litter:
        _litter = False
        gc.collect()


def collect_seldom() -> None:
    """Take what is loaded by now (modules, models, word lists) out of what is searched for garbage.

    A full collection of it took 100 ms of processor time, on a busy machine 650 ms of everybody's.
    """
    _before.append(gc.get_threshold())
    gc.freeze()
    gc.set_threshold(*YOUNG)


def resume_collecting() -> None:
    """Undo one `collect_seldom`."""
    global _litter
    if _before:
        _litter = True
        gc.set_threshold(*_before.pop())
        gc.unfreeze()
