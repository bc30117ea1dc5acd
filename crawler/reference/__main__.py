"""Write docs/reference/*.md anew; a test fails when they are not what the code says."""

import sys
from pathlib import Path

from crawler.reference.pages import PAGES

FOLDER = Path("docs/reference")

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, write in PAGES.items():
        (target / name).write_text(write(), encoding="utf-8")
