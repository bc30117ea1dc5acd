from collections.abc import Mapping

from lxml import etree

from cleaners.html.document import Document

def walk(root: etree._Element, taken_for: Mapping[etree._Element, str]) -> Document: ...
