from cleaners.text.tokens import Hashes, Ints, Kinds, Places

def spell(
    text: str,
    start: Ints,
    kinds: Kinds,
    lower: Hashes,
    powers: Hashes,
    inverses: Hashes,
    beyond: tuple[tuple[int, int], ...],
    first_inside: int,
    last_inside: int,
    alone: int,
    longest: int,
) -> tuple[Kinds, Hashes, Ints, Ints, Hashes, Ints, Places, Kinds]: ...
def hash_words(
    text: str,
    least: Kinds,
    letters: Hashes,
    powers: Hashes,
    inverses: Hashes,
    mix: int,
    alone: int,
    first_unspaced: int,
) -> tuple[Hashes, Hashes, Hashes] | None: ...
