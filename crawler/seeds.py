"""Seed documents: files, folders and addresses into the cleaned Seeds that a story is made of."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaners.config import DEFAULT, CleanConfig
from cleaners.errors import InputError
from cleaners.inputs import read_inputs
from cleaners.model import Article, Outcome, Page, Rejection, Seed
from cleaners.scale.local import CleaningPool

FetchSeeds = Callable[[Sequence[str]], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class SeedSet:
    """The seeds that were read, and those that could not be."""

    seeds: tuple[Seed, ...]
    rejections: tuple[Rejection, ...]


def is_address(name: str) -> bool:
    """Whether a seed is named by its address rather than its path."""
    return name.startswith(("http://", "https://"))


def read_seeds(
    names: Sequence[str], *, config: CleanConfig = DEFAULT, fetch: FetchSeeds | None = None
) -> SeedSet:
    """Read and clean seeds; `fetch` brings the outcomes of those that are addresses.

    Raises InputError when a path is not there, or when nothing that was named gives a seed.
    """
    addresses = [name for name in names if is_address(name)]
    paths = [name for name in names if not is_address(name)]
    outcomes: list[Outcome] = []
    if paths:
        read = list(read_inputs(paths))
        outcomes += [item for item in read if isinstance(item, Rejection)]
        with CleaningPool(config, workers=1) as pool:
            outcomes += pool.map(item for item in read if isinstance(item, Page))
    if addresses:
        if fetch is None:
            raise InputError(addresses[0], "an address cannot be a seed here; name a file")
        outcomes += fetch(addresses)
    seeds = tuple(seed_of(outcome) for outcome in outcomes if isinstance(outcome, Article))
    rejections = tuple(outcome for outcome in outcomes if isinstance(outcome, Rejection))
    if not seeds:
        why = f": {rejections[0].reason.value} {rejections[0].detail}" if rejections else ""
        raise InputError(", ".join(names), f"no seed could be read{why}")
    return SeedSet(seeds, rejections)


def seed_of(article: Article) -> Seed:
    """An article as a seed; its id stays the same while its source does."""
    return Seed(
        seed_id=hashlib.sha256((article.url or article.source).encode()).hexdigest()[:12],
        title=article.title,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
        url=article.url,
    )
