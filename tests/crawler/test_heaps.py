"""How many heaps the C library keeps for threads, asked of it in a process of its own."""

import subprocess
import sys
from pathlib import Path

THREADS = 8
PROGRAM = """
import ctypes, sys, threading
from crawler.heaps import share_heaps
if sys.argv[2] == "shared":
    share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = libc.fclose.argtypes = None
together = threading.Barrier(int(sys.argv[3]))
def work():
    libc.malloc(ctypes.c_size_t(4000))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(int(sys.argv[3]))]
for thread in threads: thread.start()
for thread in threads: thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def _heaps(folder: Path, how: str) -> int:
    path = folder / how
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), how, str(THREADS)], check=True, timeout=60
    )
    return path.read_text("utf-8").count("<heap nr=")


def test_threads_share_two_heaps(tmp_path: Path) -> None:
    assert _heaps(tmp_path, "own") > 2
    assert _heaps(tmp_path, "shared") == 2
