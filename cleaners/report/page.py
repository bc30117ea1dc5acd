"""The frame of the pages that Winnow writes: one file, no network, nothing from outside is run."""

import base64
import hashlib
import json
from html import escape
from importlib import resources

__all__ = ["embedded", "escape", "frame", "resource"]


def resource(name: str) -> str:
    """A style sheet or script that ships beside this module."""
    return (resources.files("cleaners.report") / name).read_text(encoding="utf-8")


def frame(*, title: str, body: str, style: str, script: str = "", language: str = "en") -> str:
    """A whole page around `body`, which must be escaped already; `title` is text.

    The Content-Security-Policy allows the one style and the one script by their hashes and
    nothing else: no network, no frame, no form, no handler in an attribute (CSP level 3).
    """
    allowed = f"script-src {_digest(script)}" if script else "script-src 'none'"
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    scripts = f"<script>{script}</script>\n" if script else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n{scripts}</body>\n</html>\n"
    )


def embedded(identity: str, value: object) -> str:
    """Data for the page's script, as JSON in an element that no browser runs.

    `<`, `>`, `&` and the line separators are written as escapes of JSON, so that no text can end
    the element (OWASP, "Output encoding for JSON").
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    text = "".join(c if not 0xD800 <= ord(c) <= 0xDFFF else f"\\u{ord(c):04x}" for c in text)
    return f'<script type="application/json" id="{escape(identity)}">{text}</script>'


def _digest(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
