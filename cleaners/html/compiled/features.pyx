# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The features of cleaners.html.features, block by block instead of by arrays of all blocks.

Numbers are of the widths that NumPy gives them there, so that the same trees decide the same way.
"""

from libc.math cimport log1p
from libc.stdint cimport int64_t, uint8_t

from cleaners.html.compiled.columns cimport Columns, clip

import numpy as np

from cleaners.html import features as python
from cleaners.html import hints, layout, wording
from cleaners.html.compiled.letters import numbers_of
from cleaners.html.cues import OPENING_BITS

cdef int LEAD_BLOCKS = python.LEAD_BLOCKS, LONG_WORD = python.LONG_WORD, CLIMB = python.CLIMB
cdef int[4] SHIFTS = python.SHIFTS
cdef float MARK_WORDS = python.MARK_WORDS
cdef int64_t[4] MARKS = [OPENING_BITS[cue] for cue in python.MARKS]
cdef int FAR = hints.FAR, MANY = hints.MANY
cdef float MIN_LIST = hints.MIN_LIST

cdef enum:
    NEAR = 9
    P = 0
    H1 = 1
    H4 = 4
    LI = 5

cdef int SHAPE = len(wording.NAMES)
cdef int PLACE = SHAPE + len(layout.SHAPE)
cdef int FIT = PLACE + len(layout.PLACE)
cdef int REPEATS = FIT + len(python.FIT)
cdef int NEIGHBOURS = REPEATS + len(python.REPEATS)
cdef int HINTS = NEIGHBOURS + len(python.NEIGHBOURS)
cdef int IMAGES = HINTS + len(hints.HINTS)


cdef bint holds(int64_t[::1] ordered, int64_t number) noexcept nogil:
    """Whether a number is among numbers in order."""
    cdef Py_ssize_t low = 0, high = ordered.shape[0], middle
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low < ordered.shape[0] and ordered[low] == number


cdef object pair_share(Columns to, str other):
    """Share of each block's pairs of words that another text has; -1 for single words."""
    cdef Py_ssize_t size = to.ids.shape[0], at, count = to.count
    cdef double[::1] share = np.zeros(count)
    cdef int64_t[::1] known
    body = numbers_of(other, to.told.vocabulary)
    if len(body) >= 2 and size >= 2:
        known = np.sort(body[: len(body) - 1] * to.known + body[1:])
        for at in range(size - 1):
            if to.owner[at] == to.owner[at + 1]:
                share[to.owner[at]] += holds(
                    known, to.ids[at] * to.known + to.ids[at + 1]
                )
    for at in range(count):
        share[at] = -1 if to.words[at] == 1 else share[at] / max(
            to.words[at] - <float>1, <float>1
        )
    return share


cdef int write_fit(Columns to) except -1:
    cdef Py_ssize_t count = to.count, row, at, number, distinct, found
    cdef float[:, ::1] cells = to.cells
    cdef uint8_t[::1] subject = np.zeros(to.known, dtype=np.uint8)
    cdef uint8_t[::1] known
    cdef int64_t[::1] numbers
    cdef double[::1] title_share = np.zeros(count), shares, used = np.zeros(to.known)
    cdef int64_t[::1] hits, pair_hits, totals = np.zeros(count, dtype=np.int64)
    cdef int column = FIT, which
    cdef double weights = 0, others
    cdef int64_t since = -1
    cdef int64_t[:, ::1] fit = np.zeros((count, 4), dtype=np.int64)
    for which in range(2):
        known = np.zeros(to.known, dtype=np.uint8)
        numbers = numbers_of(
            to.page.description if which else to.page.title, to.told.vocabulary
        )
        found = 0
        for at in range(numbers.shape[0]):
            found += known[numbers[at]] == 0
            known[numbers[at]] = subject[numbers[at]] = 1
        hits = np.zeros(count, dtype=np.int64)
        for at in range(to.ids.shape[0]):
            hits[to.owner[at]] += known[to.ids[at]]
        pair_hits = np.zeros(count, dtype=np.int64)
        for at in range(to.pairs.shape[0]):
            pair_hits[to.pairs[at] // to.known] += known[to.pairs[at] % to.known]
        for row in range(count):
            cells[row, column] = <float>(
                hits[row] / <double>max(to.words[row], <float>1)
            )
            others = pair_hits[row] / <double>max(<Py_ssize_t>1, found)
            cells[row, column + 1] = <float>others
            if which == 0:
                title_share[row] = others
        column += 2
    if to.page.body:
        shares = pair_share(to, to.page.body)
        for row in range(count):
            cells[row, column] = <float>shares[row]
    else:
        for row in range(count):
            cells[row, column] = -2
    column += 1
    # Cohesion: how many of a block's words does the rest of the prose use?
    for row in range(count):
        weights += to.mass[row] > 0
    for at in range(to.pairs.shape[0]):
        used[to.pairs[at] % to.known] += to.mass[to.pairs[at] // to.known] > 0
    for at in range(to.pairs.shape[0]):
        row, number = to.pairs[at] // to.known, to.pairs[at] % to.known
        found = used[number] - (to.mass[row] > 0) > 0
        fit[row, 0] += 1
        fit[row, 1] += found
        if not used[number] > 0.2 * weights:
            fit[row, 2] += 1
            fit[row, 3] += found
    for row in range(count):
        cells[row, column] = <float>(fit[row, 1] / <double>max(<int64_t>1, fit[row, 0]))
        cells[row, column + 1] = (
            <float>(fit[row, 3] / <double>fit[row, 2]) if fit[row, 2] else -1
        )
        if title_share[row] > 0.7:
            since = row
        cells[row, column + 2] = clip(row - since, 0, 200)
    write_beside_title(to, column + 3, title_share, subject)


cdef int write_beside_title(
    Columns to, int column, double[::1] title_share, uint8_t[::1] known
) except -1:
    """How a block stands to the headline: same subject, same article, headlines between."""
    cdef Py_ssize_t count = to.count, row, at, title = 0, leads = 0
    cdef double best = -1, likely
    cdef float[:, ::1] cells = to.cells
    cdef uint8_t[::1] long = np.zeros(to.known, dtype=np.uint8)
    cdef uint8_t[::1] lead = np.zeros(count, dtype=np.uint8)
    cdef uint8_t[::1] on_way = np.zeros(to.parent.shape[0], dtype=np.uint8)
    cdef int64_t[::1] total = np.zeros(count, dtype=np.int64)
    cdef int64_t[::1] hits = np.zeros(count, dtype=np.int64)
    cdef int64_t heads = 0, title_heads = 0, number = 0, article = -1, climbed
    cdef tuple tags = to.document.frames.tags
    cdef str word
    for row in range(count):
        likely = title_share[row] + 0.3 * to.first_heads[row]
        if likely > best:
            best, title = likely, row
    if best < 0.3:
        title = 0
    for row in range(title, count):
        if to.mass[row] > 0 and leads < LEAD_BLOCKS:
            lead[row] = 1
            leads += 1
    for at in range(to.ids.shape[0]):
        if lead[to.owner[at]]:
            known[to.ids[at]] = 1
    at = 0
    for word in to.told.vocabulary:
        long[at] = len(word) >= LONG_WORD
        at += 1
    for at in range(to.ids.shape[0]):
        if long[to.ids[at]]:
            total[to.owner[at]] += 1
            hits[to.owner[at]] += known[to.ids[at]]
    for row in range(title + 1):
        title_heads += to.first_heads[row]
    number = to.document.frame[title]
    while True:
        on_way[number] = 1
        if article < 0 and tags[number] in python.ARTICLES:
            article = number
        if not number:
            break
        number = to.parent[number]
    for row in range(count):
        heads += to.first_heads[row]
        cells[row, column] = <float>(hits[row] / <double>total[row]) if total[row] else -1
        cells[row, column + 1] = clip(heads - title_heads, -1, 5) if row >= title else -1
        number, climbed = to.above[row, 0], 0
        while climbed < CLIMB and not on_way[number]:
            climbed += 1
            number = to.parent[number]
        cells[row, column + 2] = climbed
        cells[row, column + 3] = (
            to.first[article] <= row < to.last[article] if article >= 0 else -1
        )


cdef int write_repeats(Columns to) except -1:
    cdef Py_ssize_t count = to.count, row
    cdef float[:, ::1] cells = to.cells
    cdef dict numbers = {}
    cdef tuple lowered = to.told.lowered
    cdef int64_t[::1] same = np.empty(count, dtype=np.int64)
    cdef int64_t[::1] copies = np.zeros(count, dtype=np.int64)
    cdef int64_t[::1] low = np.empty(0, dtype=np.int64), high = low, size, group
    cdef double[::1] mass, chars, spread
    cdef int which, column = REPEATS + 1
    cdef int64_t at, groups
    for row in range(count):
        same[row] = numbers.setdefault(lowered[row], len(numbers))
        copies[same[row]] += 1
    for row in range(count):
        cells[row, REPEATS] = <float>log1p(copies[same[row]] - 1)
    for which in range(2):
        group = to.kind if which else to.path
        groups = 0
        for row in range(count):
            groups = max(groups, group[row] + 1)
        size = np.zeros(groups, dtype=np.int64)
        mass, chars, spread = np.zeros(groups), np.zeros(groups), np.zeros(groups)
        low, high = np.full(groups, count), np.zeros(groups, dtype=np.int64)
        for row in range(count):
            at = group[row]
            size[at] += 1
            mass[at] += to.mass[row]
            chars[at] += to.chars[row]
            spread[at] += cells[row, SHAPE]
            low[at], high[at] = min(low[at], row), max(high[at], row)
        for row in range(count):
            at = group[row]
            cells[row, column] = <float>log1p(size[at])
            cells[row, column + 1] = <float>(mass[at] / to.total)
            cells[row, column + 2] = <float>log1p(chars[at] / size[at])
            if which == 0:
                cells[row, column + 3] = <float>(spread[at] / size[at])
                cells[row, REPEATS + 8] = <float>((high[at] - low[at]) / <double>count)
        column += 4


cdef int write_neighbours(Columns to) except -1:
    cdef Py_ssize_t count = to.count, row, at
    cdef float[:, ::1] cells = to.cells
    cdef float[:, ::1] base = np.empty((count, 6), dtype=np.float32)
    cdef int column = NEIGHBOURS, which, part
    cdef int64_t before = -100, heading = 0, last
    cdef int64_t[4] marks = [-100, -100, -100, -100]
    for row in range(count):
        base[row, 0] = to.log_chars[row]
        base[row, 1] = cells[row, SHAPE]
        base[row, 2] = cells[row, 9]
        base[row, 3] = cells[row, SHAPE + 3 + P]
        base[row, 4] = cells[row, SHAPE + 3 + LI]
        base[row, 5] = 0
        for which in range(H1, H4 + 1):
            base[row, 5] += cells[row, SHAPE + 3 + which]
    for row in range(count):
        column = NEIGHBOURS
        for which in range(4):
            at = row + SHIFTS[which]
            if 0 <= at < count:
                for part in range(6):
                    cells[row, column + part] = base[at, part]
                cells[row, column + 6] = to.path[at] == to.path[row]
                cells[row, column + 7] = to.above[at, 1] == to.above[row, 1]
                cells[row, column + 8] = to.mass[at] / <float>to.total
            else:
                for part in range(6):
                    cells[row, column + part] = -1
            column += NEAR
        if to.mass[row] > 0:
            before = row
        if base[row, 5] > 0:
            heading = row
        cells[row, column] = clip(row - before, 0, 60)
        cells[row, column + 2] = to.openings[heading] > 0
        cells[row, column + 3] = clip(row - heading, 0, 60)
        cells[row, column + 4] = row > 0 and to.openings[row - 1] > 0
        for which in range(4):
            if to.words[row] <= MARK_WORDS and to.openings[row] & MARKS[which]:
                marks[which] = row
            cells[row, column + 5 + which] = clip(row - marks[which], 0, 40)
    last = count + 100
    for row in range(count - 1, -1, -1):
        if to.mass[row] > 0:
            last = row
        cells[row, column + 1] = clip(last - row, 0, 60)


cdef int write_hints(Columns to) except -1:
    cdef Py_ssize_t count = to.count, row, blocks = 0
    cdef float[:, ::1] cells = to.cells
    cdef tuple media = to.document.media, inline = to.document.inline
    cdef tuple lowered = to.told.lowered, names = to.page.authors
    cdef int column, which
    cdef int64_t shown = -FAR, at
    cdef Py_ssize_t size = to.parent.shape[0]
    cdef int64_t[::1] number = np.zeros(size, dtype=np.int64)
    cdef double[::1] chars = np.zeros(size)
    cdef float listed = 0
    cdef double mass = total_mass(to)
    cdef str text, name
    cdef bint colon = False
    cdef object marks
    cdef double[::1] whole
    for row in range(count):
        blocks += to.mass[row] > 0
        if to.items[row]:
            number[to.above[row, 1]] += 1
            chars[to.above[row, 1]] += to.chars[row]
            if to.mass[row] > 0 and to.chars[row] >= MIN_LIST:
                listed += to.chars[row]
    page = to.page
    whole = np.array((
        min(1.0, len(page.body) / max(1.0, mass)),
        page.news,
        page.posting,
        page.dated,
        hints.ENGLISH.get(page.language, 0.0),
        log1p(blocks),
        log1p(count),
        mass / max(1, blocks),
        listed / max(1.0, mass),
    ), dtype=np.float64)
    for row in range(count):
        column, text = HINTS, lowered[row]
        if <int64_t>media[row] > 0:
            shown = row
        cells[row, column] = min(<int64_t>media[row], <int64_t>MANY)
        cells[row, column + 1] = (
            min(<int64_t>media[row + 1], <int64_t>MANY) if row + 1 < count else 0
        )
        cells[row, column + 2] = min(row - shown, <int64_t>FAR)
        if names:
            cells[row, column + 3] = text.startswith(names)
            for name in names:
                if name in text:
                    cells[row, column + 4] = 1
                    break
        else:
            cells[row, column + 3] = cells[row, column + 4] = -1
        marks = inline[row]
        if marks is not None:
            for which, seen in enumerate(hints.emphasis(marks)):
                cells[row, column + 5 + which] = <bint>seen
        cells[row, column + 8] = colon
        colon = text.endswith((":", "："))
        at = to.above[row, 1]
        if to.items[row]:
            cells[row, column + 9] = <float>log1p(chars[at] / max(<int64_t>1, number[at]))
            cells[row, column + 10] = min(number[at], <int64_t>FAR)
        else:
            cells[row, column + 9] = cells[row, column + 10] = -1
        for which in range(9):
            cells[row, column + 11 + which] = <float>whole[which]


cdef double total_mass(Columns to):
    cdef float mass = 0
    for row in range(to.count):
        mass += to.mass[row]
    return mass


cdef int write_images(Columns to) except -1:
    cdef Py_ssize_t row
    cdef double[::1] shares
    described = "\n".join((*to.document.alts, *to.page.captions))
    shares = pair_share(to, described) if described else np.full(to.count, -2.0)
    for row in range(to.count):
        to.cells[row, IMAGES] = <float>shares[row]


def features(document, page):
    """The matrix (n, len(FEATURES)) of a document with n > 0 blocks."""
    cdef Columns columns = Columns(document, page)
    columns.write_shape()
    columns.write_place()
    write_fit(columns)
    write_repeats(columns)
    write_neighbours(columns)
    write_hints(columns)
    write_images(columns)
    return columns.matrix, columns.layout, columns.text
