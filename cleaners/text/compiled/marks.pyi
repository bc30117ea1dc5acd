from cleaners.gbm import Floats
from cleaners.text.tokens import Flags, Hashes, Ints, Kinds, Places
from cleaners.text.vocabulary import Keys

def signs(
    text: str, marks: Kinds, tags: int, hidden: int, lead: int, trail: int, pair: int
) -> int: ...
def stop_words(words: Hashes, marks: Kinds, stop: Hashes, bit: int) -> Flags: ...
def candidates(
    words: Hashes,
    marks: Kinds,
    word_kind: Kinds,
    first_word: Ints,
    pairs_array: Flags,
    first: Hashes,
    whole_array: Flags,
    second: Hashes,
    first_bit: int,
    single_bit: int,
    digit: int,
    numbers: int,
    mix: int,
) -> Places: ...
def keys(words: Hashes, first_word: Ints) -> Hashes: ...
def weigh(
    words: Hashes,
    first_word: Ints,
    vocabulary: Keys,
    odds: Floats,
    starts: Ints,
    drawer: int,
    mix: int,
) -> Floats: ...
def count_kinds(kind: Kinds, start: Ints, end: Ints, classes: int) -> Ints: ...
def edge(
    kind: Kinds, start: Ints, end: Ints, at: Ints, step: int, skipped: tuple[int, ...], most: int
) -> Kinds: ...
