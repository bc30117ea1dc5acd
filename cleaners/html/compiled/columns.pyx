# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The features of wording.py and layout.py, block by block instead of by arrays of all blocks.

Numbers are of the widths that NumPy gives them there, so that the same trees decide the same way.
"""

from libc.math cimport log1p
from libc.stdint cimport int64_t, uint8_t

import numpy as np

from cleaners.html import features, layout, letters, wording
from cleaners.html.compiled.letters import count_letters
from cleaners.html.cues import NAME_CUES, OPENING_CUES, WORD_CUES, opening_mask

cdef const uint8_t[::1] CLASSES = letters.CLASSES
cdef set WIDE_STOPS = set(letters.WIDE_STOPS)
cdef int UPPER = letters.UPPER, LETTER = letters.LETTER, DIGIT = letters.DIGIT
cdef int STOP = letters.STOP, QUOTE = letters.QUOTE
cdef int UPPERS = letters.KINDS.index(letters.UPPER | letters.LETTER)
cdef int LETTERS = letters.KINDS.index(letters.LETTER)
cdef int[5] SHARES = [
    letters.KINDS.index(kind)
    for kind in (letters.DIGIT, letters.COMMA, letters.STOP, letters.QUOTE, letters.SYMBOL)
]
cdef int OPENS = len(OPENING_CUES), SAYS = len(WORD_CUES), NAMES = len(NAME_CUES)
cdef int HEAD = letters.HEAD

cdef dict RENDERED = layout.RENDERED_CODES, TAG_CODES = layout.TAG_CODES
cdef int TAGS = len(layout.RENDERED_TAGS)
cdef int[::1] USED = np.array(layout.USED, dtype=np.intc)
cdef int[::1] PATH_USED = np.array(layout.PATH_USED, dtype=np.intc)
cdef int64_t OUTSIDE = layout.OUTSIDE
cdef float PROSE_CHARS = layout.PROSE_CHARS, PROSE_LINKS = layout.PROSE_LINKS
cdef float CENTRAL = layout.CENTRAL
cdef int LEVELS = layout.LEVELS
cdef double[3] MASSES = layout.MASSES

cdef int MENU_READ = features.MENU_READ, ALL = len(features.FEATURES)
cdef int SHAPE = len(wording.NAMES)
cdef int PLACE = SHAPE + len(layout.SHAPE)


cdef inline int class_of(int64_t code):
    if code < CLASSES.shape[0]:
        return CLASSES[code]
    return STOP if code in WIDE_STOPS else LETTER


cdef class Columns:
    def __init__(self, document, page):
        self.document, self.page = document, page
        texts = [
            block.text[: MENU_READ] if menu else block.text
            for block, menu in zip(document.blocks, document.menu)
        ]
        self.count = len(texts)
        told = self.told = count_letters(texts)
        self.matrix = np.zeros((self.count, ALL), dtype=np.float32)
        self.cells = self.matrix
        openings = np.empty(self.count, dtype=np.int64)
        self.openings = openings
        chars, words = told.lengths.astype(np.float32), told.word_counts.astype(np.float32)
        self.chars, self.words = chars, words
        self.ids, self.owner, self.pairs = told.ids, told.owner, told.pairs
        self.known = max(1, len(told.vocabulary))
        self.log_chars, self.log_words = np.log1p(chars), np.log1p(words)
        self.log_links = np.log1p(np.array(document.links, dtype=np.float32))
        self.write_words(texts)
        self.text = wording.Wording(
            chars, words, told.ids, told.owner, told.pairs, told.lowered, told.vocabulary,
            openings, self.matrix[:, :SHAPE],
        )

    cdef int write_words(self, list texts) except -1:
        cdef float[:, ::1] cells = self.cells
        cdef const int64_t[:, ::1] hits = self.told.hits, spoken = self.told.spoken
        cdef const int64_t[::1] lengths = self.told.lengths, capitals = self.told.capitals
        cdef const int64_t[::1] first_codes = self.told.first_codes
        cdef const int64_t[::1] last_codes = self.told.last_codes
        cdef const int64_t[::1] word_counts = self.told.word_counts
        cdef Py_ssize_t row, at = 0, pair
        cdef int shape, ends, column, bit
        cdef int64_t distinct, mask
        cdef double length
        cdef float upper, share, words, head
        cdef str text, low
        cdef tuple lowered = self.told.lowered
        for row in range(self.count):
            text, low = texts[row], lowered[row]
            length, words = lengths[row], max(self.words[row], <float>1)
            upper = <float>(hits[row, UPPERS] / length)
            share = <float>(hits[row, LETTERS] / length)
            cells[row, 0] = <float>log1p(length)
            cells[row, 1] = self.log_words[row]
            cells[row, 2] = <float>(length / words)
            cells[row, 3] = upper / max(share, <float>0.01)
            for column in range(5):
                cells[row, 4 + column] = <float>(hits[row, SHARES[column]] / length)
            shape, ends = class_of(first_codes[row]), class_of(last_codes[row])
            cells[row, 9] = ends & STOP != 0
            cells[row, 10] = last_codes[row] == 0x3A or last_codes[row] == 0xFF1A
            cells[row, 11] = last_codes[row] == 0x2026
            cells[row, 12] = shape & LETTER != 0 and shape & UPPER == 0
            cells[row, 13] = shape & UPPER != 0
            cells[row, 14] = shape & QUOTE != 0
            cells[row, 15] = upper > <float>0.8 * share and share > <float>0.3
            cells[row, 16] = first_codes[row] == 0x28 or first_codes[row] == 0x5B
            cells[row, 17] = "|" in text
            cells[row, 18] = "›" in text or "→" in text or "»" in text or ">" in text
            cells[row, 19] = "@" in text
            cells[row, 20] = "http" in low or "www." in low
            cells[row, 21] = text.count("\n")
            cells[row, 22] = <float>(capitals[row] / <double>words)
            cells[row, 23] = shape & DIGIT != 0
            distinct = 0
            while at < self.pairs.shape[0] and self.pairs[at] < (row + 1) * self.known:
                distinct += 1
                at += 1
            cells[row, 24] = <float>(distinct / <double>words)
            mask = self.openings[row] = opening_mask(low)
            for bit in range(OPENS):
                cells[row, 25 + bit] = mask >> bit & 1
            head = max(min(self.words[row], <float>HEAD), <float>1)
            for bit in range(SAYS):
                cells[row, 25 + OPENS + bit] = <float>(spoken[row, bit] / <double>head)

    cdef int write_shape(self) except -1:
        cdef float[:, ::1] cells = self.cells
        cdef tuple blocks = self.document.blocks, frames = self.document.frame
        cdef tuple linked = self.document.linked, inner = self.document.inner
        cdef tuple tags = self.document.frames.tags
        cdef Py_ssize_t row, size
        cdef int code, bit
        cdef int64_t mask
        cdef str tag
        self.items = np.zeros(self.count, dtype=np.uint8)
        self.first_heads = np.zeros(self.count, dtype=np.uint8)
        for row in range(self.count):
            size = len(<str>blocks[row].text)
            cells[row, SHAPE] = min(<float>1, <float><int64_t>linked[row] / <float>size)
            cells[row, SHAPE + 1] = self.log_links[row]
            cells[row, SHAPE + 2] = TAG_CODES.get(tags[<Py_ssize_t>frames[row]], -1)
            tag = blocks[row].tag
            code = RENDERED.get(tag, -1)
            if code >= 0:
                cells[row, SHAPE + 3 + code] = 1
            self.items[row] = tag == "li"
            self.first_heads[row] = tag == "h1"
            mask = inner[row]
            for bit in range(NAMES):
                cells[row, SHAPE + 3 + TAGS + bit] = mask >> bit & 1

    cdef int write_place(self) except -1:
        frames = self.document.frames
        cdef tuple own = self.document.frame, parents = frames.parent, cues = frames.cues
        cdef tuple linked = self.document.linked
        cdef Py_ssize_t count = self.count, size = len(parents), row, number, bodies = 0
        cdef int64_t step, level, here
        cdef int64_t[3] mains
        cdef int64_t[::1] masks = np.empty(size, dtype=np.int64)
        cdef int64_t[::1] cue = np.empty(size, dtype=np.int64)
        cdef float central_sum = 0, mass_sum = 0
        cdef double[::1] sums = np.zeros(count + 1), char_sums = np.zeros(count + 1)
        cdef double[::1] link_sums = np.zeros(count + 1), prose_sums = np.zeros(count + 1)
        cdef double[::1] frame_mass = np.empty(size)
        cdef float[::1] free = np.empty(count, dtype=np.float32)
        cdef float[::1] central = np.empty(count, dtype=np.float32)
        cdef float[:, ::1] cells = self.cells
        cdef double total, whole, least
        cdef int64_t main, main_first, main_last, head = -1, inside
        cdef int column, which, bit
        cdef bint within
        above = np.empty((count, 4), dtype=np.int64)
        first, last = np.array(frames.first, dtype=np.int64), np.array(frames.last, dtype=np.int64)
        parent = np.array(parents, dtype=np.int64)
        depth = np.array(frames.depth, dtype=np.int64)
        path = np.empty(count, dtype=np.int64)
        kind = np.empty(count, dtype=np.int64)
        mass = np.empty(count, dtype=np.float32)
        self.above, self.first, self.last = above, first, last
        self.parent, self.depth, self.path, self.kind, self.mass = parent, depth, path, kind, mass
        self.prose = np.empty(count, dtype=np.uint8)
        self.linked = np.empty(count, dtype=np.float32)
        for tag in frames.tags[:2]:
            bodies += tag in layout.BODIES
        for number in range(size):
            cue[number] = cues[number]
            masks[number] = cue[number] if number >= bodies else 0
            if number:
                masks[number] |= masks[self.parent[number]]
        for row in range(count):
            here = own[row]
            self.linked[row] = min(self.chars[row], <float><int64_t>linked[row])
            free[row] = self.chars[row] - self.linked[row]
            self.prose[row] = (
                free[row] >= PROSE_CHARS and self.linked[row] <= PROSE_LINKS * self.chars[row]
            )
            self.mass[row] = free[row] if self.prose[row] else 0
            central[row] = self.mass[row] if masks[here] & OUTSIDE == 0 else 0
            mass_sum += self.mass[row]
            central_sum += central[row]
            self.path[row], self.kind[row] = frames.path[here], frames.kind[here]
            for level in range(4):
                self.above[row, level] = here
                here = self.parent[here]
            if head < 0 and self.first_heads[row]:
                head = row
        if central_sum >= CENTRAL * mass_sum:
            self.mass[:] = central
            mass_sum = central_sum
        total, self.total = mass_sum, max(1.0, mass_sum)
        for row in range(count):
            sums[row + 1] = sums[row] + self.mass[row]
            char_sums[row + 1] = char_sums[row] + self.chars[row]
            link_sums[row + 1] = link_sums[row] + self.linked[row]
            prose_sums[row + 1] = prose_sums[row] + self.prose[row]
        for number in range(size):
            frame_mass[number] = sums[self.last[number]] - sums[self.first[number]]
        for which in range(3):
            mains[which], least = 0, MASSES[which] * total
            if least > 0:
                mains[which] = -1
                for number in range(size):
                    if frame_mass[number] >= least - 1e-6 and (
                        mains[which] < 0 or self.depth[number] > self.depth[mains[which]]
                    ):
                        mains[which] = number
        main = mains[2]
        main_first, main_last = self.first[main], self.last[main]
        whole = max(1.0, char_sums[count])
        for row in range(count):
            column = PLACE
            cells[row, column] = <float>(row / <double>count)
            cells[row, column + 1] = <float>(char_sums[row] / whole)
            for level in range(3):
                cells[row, column + 2 + level] = <float>(
                    frame_mass[self.above[row, level]] / self.total
                )
            for level in range(2):
                here = self.above[row, level]
                cells[row, column + 5 + level] = <float>log1p(self.last[here] - self.first[here])
                cells[row, column + 8 + level] = <float>(
                    (link_sums[self.last[here]] - link_sums[self.first[here]])
                    / max(1.0, char_sums[self.last[here]] - char_sums[self.first[here]])
                )
            here = self.above[row, 1]
            cells[row, column + 7] = <float>(
                (prose_sums[self.last[here]] - prose_sums[self.first[here]])
                / <double>max(<int64_t>1, self.last[here] - self.first[here])
            )
            column += 10
            for which in range(3):
                here = mains[which]
                within = self.first[here] <= row < self.last[here]
                cells[row, column + which] = within
                cells[row, column + 3 + which] = (
                    self.depth[self.above[row, 0]] - self.depth[here] if within else -1
                )
            column += 6
            cells[row, column] = clip(row - main_first, -50, 200)
            cells[row, column + 1] = clip(main_last - row, -50, 200)
            cells[row, column + 2] = <float>((sums[row] - sums[main_first]) / self.total)
            cells[row, column + 3] = <float>((sums[count] - sums[row + 1]) / self.total)
            cells[row, column + 4] = self.mass[row] / <float>self.total
            cells[row, column + 5] = clip(row - head, -50, 200)
            cells[row, column + 6] = free[row] / <float>self.total
            column += 7
            step = self.above[row, 0]
            inside = cue[step]
            column = self.write_bits(row, column, inside, USED)
            for _ in range(LEVELS):
                step = self.parent[step]
                if self.depth[step] > self.depth[main]:
                    inside |= cue[step]
            column = self.write_bits(row, column, inside, USED)
            self.write_bits(row, column, masks[self.above[row, 0]], PATH_USED)
        self.layout = layout.Layout(
            above, first, last, depth, parent, path, kind, self.text.chars, mass, main
        )

    cdef int write_bits(self, Py_ssize_t row, int column, int64_t mask, int[::1] used) except -1:
        """Some bits of a mask, a column each; the column behind them."""
        cdef Py_ssize_t number
        if mask:
            for number in range(used.shape[0]):
                self.cells[row, column + number] = mask >> used[number] & 1
        return column + <int>used.shape[0]
