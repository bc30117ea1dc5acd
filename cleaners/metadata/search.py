"""Elements of a page by their tags and by what their attributes hold: a pass over the tree each."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from lxml import etree


class Holding:
    """Finds the elements of which an attribute holds one of some texts.

    `needles`: by attribute, texts that stand anywhere in its value, or, behind "=", are all of it;
    "" stands in any value. Capitals count.
    """

    def __init__(self, needles: Mapping[str, Sequence[str]]) -> None:
        # Attributes are searched, then their elements taken: a third of the time of asking all
        # elements for each.
        searches = (
            f"descendant-or-self::*/@{name}[{' or '.join(map(_test, texts))}]"
            for name, texts in needles.items()
        )
        self._search = etree.XPath(f"({' | '.join(searches)})/..", smart_strings=False)

    def __call__(self, tree: etree._Element) -> list[etree._Element]:
        """The elements, in the order of the document."""
        found = self._search(tree)
        return [one for one in found if isinstance(one, etree._Element)]  # type: ignore[union-attr]


def _test(needle: str) -> str:
    return f'.="{needle[1:]}"' if needle.startswith("=") else f'contains(.,"{needle}")'


def visit(
    tree: etree._Element, read: Collection[str], counted: Collection[str]
) -> tuple[list[etree._Element], Counter[str]]:
    """The elements of tags to be read, in order, and how many there are of those to be counted."""
    elements, tags = [], []
    for element in tree.iter(*{**dict.fromkeys(read), **dict.fromkeys(counted)}):
        tag = element.tag
        if tag in read:
            elements.append(element)
        if tag in counted:
            tags.append(tag)
    return elements, Counter(tags)


def names_of(tree: etree._Element, tags: Collection[str]) -> list[str]:
    """Classes and ids of elements, in order; of each its class first."""
    return [
        name
        for element in tree.iter(*tags)
        for name in (element.get("class"), element.get("id"))
        if name
    ]
