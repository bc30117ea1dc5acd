"""What to ask search services for a story: a few short queries that each nearly name it."""

from dataclasses import dataclass

from cleaners.model import Story

MAX_QUERIES = 5


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
    """At most `limit` queries, the most telling first: names together, names with phrases."""
    language = story.languages[0] if story.languages else None
    names = list(story.names)[:6]
    phrases = [phrase for phrase in story.phrases if not _within(phrase, names)][:4]
    made: list[tuple[str, ...]] = []
    if len(names) >= 3:
        made.append((names[0], names[1], names[2]))
    if len(names) >= 2:
        made.append((names[0], names[1]))
    made += [(name, phrase) for name, phrase in zip(names, phrases, strict=False)]
    if len(names) >= 3:
        made.append((names[0], names[2]))
    made += [(name,) for name in names[:1]] if not made else []
    made += [(phrase,) for phrase in phrases[:1]] if not made else []
    if not made and story.title:
        made.append(tuple(story.title.split()[:6]))
    return tuple(Query(terms, language) for terms in list(dict.fromkeys(made))[:limit])


def _within(phrase: str, names: list[str]) -> bool:
    low = phrase.lower()
    return any(low in name.lower() or name.lower() in low for name in names)
