"""What HTML's elements are to the reader of a page."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SKIPPED = _words(
    "script style template svg math iframe object embed canvas head select datalist textarea "
    "noscript audio video map input frameset applet param source track link meta"
)
"""Elements whose text nobody reads as text."""

DIVISIONS = _words(
    "p div section article main header footer aside nav figure figcaption h1 h2 h3 h4 h5 h6 ul ol "
    "li dl dt dd blockquote pre table thead tbody tfoot tr caption form fieldset legend address "
    "details summary hr body html center dir menu hgroup dialog button option optgroup search "
    "amp-sidebar noindex"
)
"""Elements that begin and end a block."""

RENDERED = _words("h1 h2 h3 h4 h5 h6 li blockquote pre figcaption caption tr dt dd")
"""Tags that a block shows, also when it stands in a plain division within them."""

HEADINGS = _words("h1 h2 h3 h4 h5 h6")

MEDIA = _words("img video audio iframe embed object amp-img amp-video amp-iframe")
"""Elements that show something that is no text; what stands beside them may be its caption."""

CELLS = frozenset(("td", "th"))

CARRIERS = _words(
    "a p div span li td section article main font strong b em i u br img h2 h3 h4 h5 h6 blockquote "
    "center dd dt label small big cite q sup sub figcaption caption th pre code body time"
)
"""Elements in or behind which prose stands."""
