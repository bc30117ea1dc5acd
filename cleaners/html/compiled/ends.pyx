# cython: language_level=3, boundscheck=False, wraparound=False
"""cleaners.html.ends in one look for "<", where a pattern tries at each."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.string cimport memchr


cdef inline bint is_either(char one, char letter) noexcept nogil:
    """Whether a letter is another, in whatever case."""
    return (one | 0x20) == letter


cdef const char* end_behind(const char* at, const char* stop) noexcept nogil:
    """Behind an end of body or html that begins with the "<" at a place; NULL if none does."""
    if stop - at < 7 or at[1] != c"/":
        return NULL
    if not (
        is_either(at[2], c"b") and is_either(at[3], c"o")
        and is_either(at[4], c"d") and is_either(at[5], c"y")
    ) and not (
        is_either(at[2], c"h") and is_either(at[3], c"t")
        and is_either(at[4], c"m") and is_either(at[5], c"l")
    ):
        return NULL
    at += 6
    while at < stop and (at[0] == c" " or 9 <= at[0] <= 13):
        at += 1
    return at + 1 if at < stop and at[0] == c">" else NULL


def without_ends(bytes data):
    """The bytes without the ends of body and html in them."""
    cdef const char* at = PyBytes_AS_STRING(data)
    cdef const char* stop = at + len(data)
    cdef const char* kept = at
    cdef const char* behind
    cdef list parts = []
    while at < stop:
        at = <const char*>memchr(at, c"<", stop - at)
        if at == NULL:
            break
        behind = end_behind(at, stop)
        if behind == NULL:
            at += 1
            continue
        parts.append(PyBytes_FromStringAndSize(kept, at - kept))
        at = kept = behind
    if not parts:
        return data
    parts.append(PyBytes_FromStringAndSize(kept, stop - kept))
    return b"".join(parts)
