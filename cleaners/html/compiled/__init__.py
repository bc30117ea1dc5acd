"""What of cleaning a page is compiled: its ends, the walk over its tree, its blocks' features.

Each module here gives what its namesake in cleaners.html gives, which stays the reference and does
the work where nothing could be compiled, or WINNOW_PURE is set. hatch_build.py compiles them.
"""

import os

if os.environ.get("WINNOW_PURE"):
    raise ImportError("WINNOW_PURE is set: nothing compiled is to be used")
