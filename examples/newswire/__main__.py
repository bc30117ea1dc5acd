"""`python -m examples.newswire` serves the newswire; `… export FOLDER` writes it as a data set."""

import argparse
import signal
import sys
from pathlib import Path

from examples.newswire.export import export
from examples.newswire.model import Kind
from examples.newswire.server import serve

DEFAULT_PORT = 8700


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.newswire", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    out = commands.add_parser("export", help="write html/ and ground-truth/ to a folder")
    out.add_argument("folder", type=Path)
    out.add_argument("--articles", action="store_true", help="articles only")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the proxy's; 0: any")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1)
    parser.add_argument("--faults", type=float, default=0.0, help="share of URLs that fail once")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--slow-for", type=float, default=8.0, help="seconds a slow answer takes")
    parser.add_argument("--log", type=Path, help="access log, one JSON line a request")
    given = parser.parse_args(arguments)
    if given.command == "export":
        print(export(given.folder, articles_only=given.articles), "pages written to", given.folder)
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with serve(
        given.port,
        faults=given.faults,
        delay=given.delay,
        slow_for=given.slow_for,
        log=given.log,
    ) as newswire:
        newswire.day = given.day
        articles = sum(page.kind is Kind.ARTICLE for page in newswire.gold())
        print("READY", newswire.proxy, f"{len(newswire.ports)} sites, {articles} articles")
        print("proxy (for host names)", newswire.proxy)
        for site, home in zip(newswire.ports, newswire.homes(), strict=True):
            print(f"{site:10}", home, f"http://{newswire.webs[site].site.host}/", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
