"""What each reason for a rejection means, and what one may do about it."""

from collections.abc import Mapping

from cleaners.model import Reason

REASONS: Mapping[Reason, tuple[str, str]] = {
    Reason.EMPTY: ("0 bytes, or nothing but white space.", "Save the file again."),
    Reason.BINARY: ("Bytes that are no text: a picture, a font, packed data.", "Leave it out."),
    Reason.UNREADABLE: (
        "The system refused to read it, or it is no JSON where JSON was due.",
        "See the detail: rights, a link that leads out of the folder, a broken line.",
    ),
    Reason.UNSUPPORTED: (
        "A kind of file that Winnow does not read (PDF, Office, a style sheet), or a table "
        "without a column of text or HTML.",
        "Convert it to text or HTML, or name the column text or html.",
    ),
    Reason.BROKEN_ARCHIVE: (
        "gzip, zip, tar, MHTML, Parquet or WARC data that breaks off or does not fit itself.",
        "Fetch or pack it again; what stood before the break is stored.",
    ),
    Reason.TOO_LARGE: (
        "More bytes than a page may have, or an archive that unpacks beyond measure.",
        "Raise [clean] max_page_bytes if it is honest.",
    ),
    Reason.LINK_LOOP: ("A link to a folder that holds it.", "Nothing: the folder was read once."),
    Reason.OFF_SCOPE: ("An address on another site than those asked for.", "Add the site."),
    Reason.LIMIT_REACHED: (
        "The run had fetched its limit before its turn came.",
        "Run the same command again, or raise --limit.",
    ),
    Reason.TRAP: (
        "An address that looks made by a machine without end: calendars, sessions, repeats.",
        "Fetch it with `winnow pages` if it is a real page.",
    ),
    Reason.ROBOTS_DENIED: ("robots.txt of the site forbids it.", "Ask the site."),
    Reason.ROBOTS_UNREACHABLE: (
        "robots.txt could not be read, which counts as forbidding (RFC 9309).",
        "Try again later.",
    ),
    Reason.FORBIDDEN_ADDRESS: (
        "An address of this machine or a private network, or not http.",
        "--allow-private, if you mean your own network.",
    ),
    Reason.DNS_FAILED: ("The host's name is not known.", "Check the address."),
    Reason.CONNECTION_FAILED: ("The host did not answer, or hung up.", "Run again."),
    Reason.TLS_FAILED: ("The site's certificate is not valid.", "Ask the site."),
    Reason.FETCH_TIMEOUT: ("The answer took too long.", "Raise [politeness] timeout."),
    Reason.HTTP_ERROR: ("The site answered with an error; http_status says which.", "Look at it."),
    Reason.REDIRECT_LOOP: ("Redirects that lead in a circle or too far.", "Nothing."),
    Reason.REDIRECTED: (
        "The address leads to another one, which has its own row.",
        "Nothing: look for the address in the detail.",
    ),
    Reason.NOT_A_PAGE: (
        "A feed, sitemap, picture, film or document: read for links at most.",
        "Nothing.",
    ),
    Reason.GAVE_UP: ("It failed as often as is tried.", "Run again later."),
    Reason.NOINDEX: ("The page asks not to be indexed and you chose to heed that.", "Nothing."),
    Reason.NO_TEXT: ("No body was found.", "`winnow explain` shows what there was."),
    Reason.TOO_SHORT: ("Fewer words of body than [clean] min_words.", "Lower min_words."),
    Reason.LISTING: ("A front page, section or search page.", "Nothing; its links were followed."),
    Reason.LIVE_BLOG: ("A live ticker.", "[clean] keep_live_blogs = true."),
    Reason.CHALLENGE: ("A test for robots in place of the page.", "Ask the site for access."),
    Reason.CONSENT_WALL: ("A question for consent in place of the page.", "Ask the site."),
    Reason.SOFT_404: ('"Not found" under a good status.', "Nothing."),
    Reason.MEDIA_PAGE: ("A film, sound or picture page with hardly a text.", "Nothing."),
    Reason.NEEDS_JAVASCRIPT: ("The text comes by script alone.", "--browser."),
    Reason.NOT_ARTICLE: (
        "A shop, forum, profile or other page.",
        "[clean] keep_non_articles = true.",
    ),
    Reason.NOT_RELATED: (
        "About something else than the story; the detail has its score.",
        "--min-relevance lowers the bar.",
    ),
    Reason.SAME_AS: ("The same page is stored under another address.", "Nothing."),
    Reason.TIMEOUT: ("Cleaning took longer than [clean] page_timeout.", "Raise it; report it."),
    Reason.CRASHED: ("The cleaning process died on it.", "Report it."),
    Reason.INTERNAL_ERROR: ("An error of Winnow's own.", "Report it with the file."),
    Reason.INVALID_ROW: ("Cleaned, but no row can hold it.", "Report it with the file."),
}
