"""A crawl in a process of its own, for tests that kill it: `python -m … JSON`."""

import json
import sys
from pathlib import Path

from crawler.model import CrawlJob, Manners
from crawler.run import crawl


def main() -> int:
    """Run the job that the first argument describes; its ending and figures as a line of JSON."""
    given = json.loads(sys.argv[1])
    manners = Manners(**given.pop("manners", {}))
    for name in ("urls", "feeds", "search"):
        given[name] = tuple(given.get(name, ()))
    given["out"] = Path(given["out"])
    given["warcs"] = tuple(Path(path) for path in given.get("warcs", ()))
    record = crawl(CrawlJob(manners=manners, **given))
    print(  # noqa: T201 - read by the test
        json.dumps(
            {
                "ending": record.ending,
                "fetched": record.fetched,
                "articles": record.articles,
                "left": record.left,
                "error": record.error,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
