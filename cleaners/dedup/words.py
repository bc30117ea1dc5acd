"""The words of a text, as all comparisons of articles see them."""

import re

# A run of letters and digits; scripts without spaces count by character, so that a Japanese or
# Chinese text is as finely cut as an English one.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """Lower-cased words in reading order; no punctuation, so typography does not matter.

    >>> words("“It’s 5 o'clock”, 東京")
    ['it', 's', '5', 'o', 'clock', '東', '京']
    """
    return _WORD.findall(text.lower())
