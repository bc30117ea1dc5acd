"""What can be compiled is there where it can be, and stands aside when it is told to."""

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import import_module

import pytest

BACKENDS = [f"cleaners.{part}.backend" for part in ("html", "metadata", "store", "text")]


@pytest.mark.parametrize("name", BACKENDS)
def test_it_is_there_where_there_is_a_compiler(name: str) -> None:
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC").split()[0]
    there = import_module(name).COMPILED
    assert there or not shutil.which(compiler), "python hatch_build.py says why"


@pytest.mark.parametrize("name", BACKENDS)
def test_it_stands_aside_when_it_is_told_to(name: str) -> None:
    out = subprocess.run(
        [sys.executable, "-c", f"from {name} import COMPILED; print(COMPILED)"],
        env={**os.environ, "WINNOW_PURE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == "False"
