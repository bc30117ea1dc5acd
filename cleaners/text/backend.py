"""Whether texts are read by what is compiled: where it could be compiled, and is wanted.

Both ways give the same (tests/cleaners/text/test_compiled.py); Python is the reference.
"""

try:
    from cleaners.text.compiled import marks as marks
    from cleaners.text.compiled import words as words
except ImportError:
    COMPILED = False
else:
    COMPILED = True
