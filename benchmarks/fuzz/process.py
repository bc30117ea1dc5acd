"""The process that fuzzes one target: `python -m … TARGET FINDINGS CORPUS [libFuzzer options]`."""

import hashlib
import sys
import time
import traceback
from pathlib import Path

import atheris

SLOW_SECONDS = 5.0
"""Of processor time, with instrumented code some 3 times slower than it is: a finding."""


def main() -> None:
    """Fuzz until libFuzzer ends the process; a finding is kept, and fuzzing goes on."""
    target, findings = sys.argv[1], Path(sys.argv[2])
    with atheris.instrument_imports(include=["cleaners", "crawler", "protego"]):
        from benchmarks.fuzz.promises import PROMISES
    promise = PROMISES[target]
    known: set[str] = set()

    def keep(content: bytes, what: str, why: str) -> None:
        name = f"{what}-{hashlib.sha256(why.encode()).hexdigest()[:8]}"
        if name not in known:
            known.add(name)
            (findings / name).write_bytes(content)
            (findings / f"{name}.why").write_text(why)

    def attempt(content: bytes) -> None:
        begun = time.process_time()
        try:
            promise(content)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            places = traceback.extract_tb(error.__traceback__)
            place = f"{places[-1].filename}:{places[-1].lineno}"
            # The words hold data; what kind of error it is, and where, makes a finding another one.
            keep(
                content, type(error).__name__, f"{type(error).__name__} {str(error)[:40]}\n{place}"
            )
        if time.process_time() - begun > SLOW_SECONDS:
            keep(content, "slow", target)

    atheris.Setup([sys.argv[0], *sys.argv[3:]], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
