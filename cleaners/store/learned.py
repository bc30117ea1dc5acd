"""What an output has learned of the templates of its hosts, kept beside the tables."""

import gzip

from cleaners.html.templates import Templates, loads
from cleaners.store.dataset import Dataset
from cleaners.store.journal import HIDDEN

_FILE = f"{HIDDEN}/templates.json.gz"


def load_templates(dataset: Dataset) -> Templates:
    """What earlier runs on this output learned; empty where there were none.

    A file that does not read is no knowledge: it is learned again.
    """
    if not dataset.disk.exists(_FILE):
        return Templates()
    try:
        with dataset.disk.filesystem.open_input_stream(_FILE, compression=None) as source:
            return loads(gzip.decompress(source.read()).decode("utf-8"))
    except (OSError, EOFError, UnicodeDecodeError):
        return Templates()


def save_templates(dataset: Dataset, templates: Templates) -> None:
    """Keep what is known, joined with what others have kept meanwhile. Raises StoreError."""
    whole = load_templates(dataset).merge(templates).pruned()
    packed = gzip.compress(whole.dumps().encode("utf-8"), compresslevel=6, mtime=0)
    dataset.disk.write(_FILE, lambda sink: sink.write(packed))
