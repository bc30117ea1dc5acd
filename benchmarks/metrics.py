"""What the cleaners are judged by: overlap of words between a gold text and a cleaned one."""

import re
from collections import Counter
from dataclasses import dataclass

# A word is a run of letters and digits; scripts without spaces count by character, so that a
# Japanese or Chinese page weighs as much as an English one.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)


def words(text: str) -> list[str]:
    """Lower-cased words of a text.

    >>> words("It's 5 o'clock")
    ['it', 's', '5', 'o', 'clock']
    """
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts of words (as multisets): in both texts, in the gold, in the prediction."""

    both: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        return self.both / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        return self.both / self.gold if self.gold else float(not self.predicted)

    @property
    def f1(self) -> float:
        total = self.gold + self.predicted
        return 2 * self.both / total if total else 1.0

    @property
    def leaked(self) -> int:
        """Words of the prediction that the gold does not have."""
        return self.predicted - self.both

    @property
    def lost(self) -> int:
        """Words of the gold that the prediction does not have."""
        return self.gold - self.both


def overlap(gold: str, predicted: str) -> Overlap:
    """Word overlap of two texts, counted as multisets.

    >>> overlap("a b b c", "b b b d").f1
    0.5
    """
    a, b = Counter(words(gold)), Counter(words(predicted))
    return Overlap(both=(a & b).total(), gold=a.total(), predicted=b.total())
