"""What of reading plain text is compiled: its words, what they are signs of, and their odds.

Each function here gives what its namesake in cleaners.text (or cleaners.dedup.words) gives, which
stays the reference and does the work where nothing could be compiled, or WINNOW_PURE is set.
hatch_build.py compiles them.
"""

import os

if os.environ.get("WINNOW_PURE"):
    raise ImportError("WINNOW_PURE is set: nothing compiled is to be used")
