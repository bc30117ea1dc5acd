"""Processor time of this process and all below it, the ended ones included (Linux: /proc)."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat behind the command's name (proc(5)): parent; own user and system time,
# and those of the children it has waited for.
_PARENT, _TIMES = 1, slice(11, 15)


def family_seconds() -> float:
    """Seconds of processor that this process and its descendants have used so far.

    Those of a process that has ended are its parent's, who waited for it: exact once pools are
    closed, to a hundredth of a second a process.
    """
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                said = (folder / "stat").read_text()
            except OSError:
                continue  # it has just ended
            fields = said.rpartition(")")[2].split()
            found[int(folder.name)] = (int(fields[_PARENT]), sum(map(int, fields[_TIMES])))
    family = {os.getpid()}
    while more := {pid for pid, (parent, _) in found.items() if parent in family} - family:
        family |= more
    return sum(ticks for pid, (_, ticks) in found.items() if pid in family) / _TICK
