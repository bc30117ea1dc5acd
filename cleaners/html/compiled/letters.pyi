from collections.abc import Sequence

from cleaners.html.letters import Letters

def count_letters(texts: Sequence[str]) -> Letters: ...
