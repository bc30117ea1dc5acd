"""What pages are read with, compiled where it could be compiled: their ends, walk and features.

Both ways give the same to the last bit (tests/cleaners/html/test_compiled.py); Python is the
reference.
"""

try:
    from cleaners.html.compiled.ends import without_ends as without_ends
    from cleaners.html.compiled.features import features as features
    from cleaners.html.compiled.walk import walk as walk
except ImportError:
    from cleaners.html.ends import without_ends as without_ends
    from cleaners.html.features import features as features
    from cleaners.html.walk import walk as walk

COMPILED = walk.__module__.startswith("cleaners.html.compiled.")
