"""The walk and the features that pages are cleaned with: compiled where they could be compiled.

Both give the same to the last bit (tests/cleaners/html/test_compiled.py); Python is the reference.
"""

try:
    from cleaners.html.compiled.features import features as features
    from cleaners.html.compiled.walk import walk as walk
except ImportError:
    from cleaners.html.features import features as features
    from cleaners.html.walk import walk as walk

COMPILED = walk.__module__.startswith("cleaners.html.compiled.")
