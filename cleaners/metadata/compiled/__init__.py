"""What of reading metadata is compiled: the searches through a page's tree.

Each gives what its namesake in cleaners.metadata gives, which stays the reference and does the work
where nothing could be compiled, or WINNOW_PURE is set. hatch_build.py compiles them.
"""

import os

if os.environ.get("WINNOW_PURE"):
    raise ImportError("WINNOW_PURE is set: nothing compiled is to be used")
