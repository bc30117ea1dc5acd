"""Whether removed blocks are gathered by what is compiled: where it could be, and is wanted.

Both ways give the same (tests/cleaners/store/test_columns.py); Python is the reference.
"""

try:
    from cleaners.store.compiled import removed as removed
except ImportError:
    COMPILED = False
else:
    COMPILED = True
