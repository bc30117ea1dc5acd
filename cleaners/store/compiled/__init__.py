"""What of storing is compiled: the removed blocks of many pages as columns, looked at once each.

Gives what cleaners.store.columns makes of them, which stays the reference and does the work where
nothing could be compiled, or WINNOW_PURE is set. hatch_build.py compiles it.
"""

import os

if os.environ.get("WINNOW_PURE"):
    raise ImportError("WINNOW_PURE is set: nothing compiled is to be used")
