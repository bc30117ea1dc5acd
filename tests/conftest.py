"""How properties are searched: the same examples on every run, so that a red suite means a change.

`HYPOTHESIS_PROFILE=search make quick` looks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
