from cleaners.gbm import Floats
from cleaners.html.document import Document
from cleaners.html.layout import Layout
from cleaners.html.said import PageText
from cleaners.html.wording import Wording

def features(document: Document, page: PageText) -> tuple[Floats, Layout, Wording]: ...
