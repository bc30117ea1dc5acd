"""Chrome of a plain text by evidence that needs no model: repetition, position, shape, topic.

The parts of a text dump, and what tells each apart:

    menus, site name, slogan    before the headline, or short lines that share no word with the body
    lists run together          menus and options of forms in one line, nothing between the entries
    directories                 a dozen entries and more that begin alike
    headline                    repeated before the body, or a title-like line the body speaks of
    author's name or handle     a lone short line beside the headline, or after a by-line cue
    body
    promo inside the body       a cue phrase as a line; the teasers beside it, the same one before
                                and after; a blurb that speaks of the teaser's subject
    copy                        what was said before in the same order: a body set twice
    comments                    remarks below the body, each under a name and a moment, or over a
                                button to answer it
    praise                      remarks below the body, each over a customer's first name
    references                  a heading that says so, and entries that cite
    teasers at the end          paragraphs in a row that are all cut off at one length
    foot                        from a cue after the last prose on

A line that no rule is sure of stays.
"""

from cleaners.text.answers import judge_answers
from cleaners.text.copies import judge_copies
from cleaners.text.directory import judge_directories
from cleaners.text.glued import judge_glued
from cleaners.text.head import HEAD_LINES, judge_head
from cleaners.text.praise import judge_praise
from cleaners.text.promos import judge_promos
from cleaners.text.reading import Reading, Verdict
from cleaners.text.references import judge_references
from cleaners.text.teasers import judge_cut_teasers
from cleaners.text.thread import judge_thread


def judge(reading: Reading) -> Verdict:
    """All rules over a text that is not settled."""
    verdict = Verdict()
    if 0 < reading.first <= HEAD_LINES:
        judge_head(reading, verdict)
    judge_promos(reading, verdict)
    judge_glued(reading, verdict)
    judge_directories(reading, verdict)
    judge_copies(reading, verdict)
    judge_thread(reading, verdict)
    judge_answers(reading, verdict)
    judge_praise(reading, verdict)
    judge_references(reading, verdict)
    judge_cut_teasers(reading, verdict)
    return verdict
