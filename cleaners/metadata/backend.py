"""What a page's tree is searched with, compiled where it could be compiled.

Both ways find the same (tests/cleaners/metadata/test_compiled.py); Python is the reference.
"""

try:
    from cleaners.metadata.compiled.search import Holding as Holding
    from cleaners.metadata.compiled.search import names_of as names_of
    from cleaners.metadata.compiled.search import visit as visit
except ImportError:
    from cleaners.metadata.search import Holding as Holding
    from cleaners.metadata.search import names_of as names_of
    from cleaners.metadata.search import visit as visit

COMPILED = visit.__module__.startswith("cleaners.metadata.compiled.")
