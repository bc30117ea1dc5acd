"""Workers have no use for pandas."""

import subprocess
import sys

PROGRAM = """
import sys
from cleaners.scale.lean import leave_pandas_out

asked = []
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            asked.append(name)
            raise ModuleNotFoundError(name=name)

sys.meta_path.insert(0, Finder())
leave_pandas_out()
import pyarrow as pa
pa.array(["a", None])
print(asked)
import contextlib
with contextlib.suppress(ModuleNotFoundError):
    import pandas
print(asked)
"""


def test_pyarrow_does_not_ask_for_pandas_and_others_still_may() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[:2] == ["[]", "['pandas']"]
