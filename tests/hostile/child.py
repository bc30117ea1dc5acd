"""Runs every case in a process of its own with little memory and time: `python -m … [NAME …]`.

One line of JSON a case: what broke (null if nothing), and the processor time it took. Libraries are
loaded once; each case is a fork, so that what one breaks is not another's.
"""

import json
import os
import resource
import signal
import sys
import time

from benchmarks.fuzz.promises import PROMISES
from cleaners.clean import warm_up
from tests.hostile.cases import CASES

MEMORY = 1_500_000_000
"""Bytes of address space that a case may take on top of what is loaded."""
SECONDS = 20
"""Of processor time, as a page has in its worker (`CleanConfig.page_timeout`)."""

OVER_TIME = f"{SECONDS} s were not enough"


def main(names: list[str]) -> None:
    """Run the cases of these names, or all."""
    warm_up()
    for reader in PROMISES.values():
        reader(b"<p>The ferry sailed.</p>")
    for name in names or CASES:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        broken = attempt(name)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        seconds = round(spent, 1)
        print(json.dumps([name, broken, seconds]), flush=True)  # noqa: T201 - read by the test


def attempt(name: str) -> str | None:
    """What one case broke, or None."""
    reader, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        said = _run(name)
        os.write(pipe, said.encode("utf-8", "replace")[:2_000])
        os._exit(0)
    os.close(pipe)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read().decode("utf-8")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return OVER_TIME if number == signal.SIGXCPU else f"signal {number}"
    return said or None


def _run(name: str) -> str:
    case = CASES[name]
    try:
        contents = list(case.contents())
        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
        spent = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, spent + SECONDS + 5))
        for content in contents:
            PROMISES[case.reader](content)
    except BaseException as error:  # noqa: BLE001 - that is what is told
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    main(sys.argv[1:])
