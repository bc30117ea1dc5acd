from collections import Counter
from collections.abc import Collection

from lxml import etree

from cleaners.metadata.search import Holding as Holding

def visit(
    tree: etree._Element, read: Collection[str], counted: Collection[str]
) -> tuple[list[etree._Element], Counter[str]]: ...
def names_of(tree: etree._Element, tags: Collection[str]) -> list[str]: ...
