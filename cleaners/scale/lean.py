"""Workers without pandas: pyarrow imports it with its first array, if the machine has it."""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

import pyarrow as pa

PANDAS = "pandas"


class _Absent(MetaPathFinder):
    """Says that pandas is not installed."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name == PANDAS:
            raise ModuleNotFoundError(f"{name} is not for workers", name=name)
        return None


def leave_pandas_out() -> None:
    """Have pyarrow do without pandas in this process for good; the process itself may import it.

    Workers hand it nothing that pandas has made, and each would spend .2 s and 33 MB on it.
    """
    if PANDAS in sys.modules:
        return
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([None])  # asks once, and remembers the answer
    finally:
        sys.meta_path.remove(absent)
