"""Customers' praise below a body: remark after remark, each over a first name and an initial."""

import re
from itertools import pairwise
from typing import Final

from cleaners.text.reading import Reading, Verdict, runs

_CUSTOMER: Final = re.compile(r"[^\W\d_][\w’'-]+(?: [^\W\d_][\w’'-]*\.?){0,2} [^\W\d_]\.")
_CHARS: Final = 40
_REMARKS: Final = 4
"""Remarks in a row. Of 918 pages one has them, 2,700 words; no body has."""
_APART: Final = 5
"""Lines from one name to the next."""


def judge_praise(reading: Reading, verdict: Verdict) -> None:
    """Mark runs of remarks with the names under them."""
    names = [
        line
        for line, text in enumerate(reading.lines)
        if len(text) <= _CHARS and text.endswith(".") and _is_customer(text)
    ]
    for run in runs(names, _APART):
        remarks = all(below - above > 1 for above, below in pairwise(run))
        if len(run) >= _REMARKS and remarks:
            for line in range(max(run[0] - 1, 0), run[-1] + 1):
                verdict.remove(line, "testimonials", 0.9)


def _is_customer(text: str) -> bool:
    initial = text[-2:-1].isupper() and text[0].isupper()
    return initial and _CUSTOMER.fullmatch(text) is not None
