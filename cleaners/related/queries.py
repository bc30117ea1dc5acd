"""What to ask search services for a story: a few short queries that each nearly name it."""

from dataclasses import dataclass

from cleaners.model import Story

MAX_QUERIES = 5
MAX_TERM_WORDS = 4


@dataclass(frozen=True, slots=True)
class Query:
    """Words and phrases that all must occur; each service writes them its own way."""

    terms: tuple[str, ...]
    language: str | None = None

    @property
    def text(self) -> str:
        """The query as most services read it: phrases in quotes, joined by blanks.

        >>> Query(("Harrow Bridge", "collapse")).text
        '"Harrow Bridge" collapse'
        """
        return " ".join(f'"{term}"' if " " in term else term for term in self.terms)


def queries(story: Story, *, limit: int = MAX_QUERIES) -> tuple[Query, ...]:
    """At most `limit` queries, the most telling first: names together, names with key words.

    Two or three terms each: services want all of them in a text, and few tellings have four.
    """
    language = story.languages[0] if story.languages else None
    names = _apart([name for name in story.names if len(name.split()) <= MAX_TERM_WORDS])[:4]
    # Single words stand a better chance in a rewritten telling than phrases do.
    phrases = sorted(list(story.phrases)[:8], key=lambda phrase: phrase.count(" ") > 0)
    words = [phrase for phrase in phrases if not _overlaps(phrase, names)][:2]
    made: list[tuple[str, ...]] = []
    if len(names) >= 2:
        made.append((names[0], names[1]))
    made += [(name, word) for word in words for name in names[:1]]
    if len(names) >= 3:
        made.append((names[0], names[2]))
        made.append((names[1], names[2]))
    if not made:
        made += [(term,) for term in [*names, *phrases][:2]]
    if not made and story.title.strip():
        made.append(tuple(story.title.split()[:6]))
    return tuple(Query(terms, language) for terms in list(dict.fromkeys(made))[:limit])


def _apart(names: list[str]) -> list[str]:
    """The names of which none is a part of an earlier one, or has one as its part."""
    kept: list[str] = []
    for name in names:
        if not _overlaps(name, kept):
            kept.append(name)
    return kept


def _overlaps(term: str, others: list[str]) -> bool:
    words = set(term.lower().split())
    return any(words & set(other.lower().split()) for other in others)
