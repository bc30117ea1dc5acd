"""What of running forests is compiled: their questions and the sums of their leaves.

Each function here gives what its namesake in cleaners.gbm gives, which stays the reference and does
the work where nothing could be compiled, or WINNOW_PURE is set. hatch_build.py compiles them.
"""

import os

if os.environ.get("WINNOW_PURE"):
    raise ImportError("WINNOW_PURE is set: nothing compiled is to be used")
