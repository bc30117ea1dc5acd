"""Comments below a body go; reports by the hour, interviews and mails stay."""

import pytest

from cleaners.text.lines import clean_lines

PARAGRAPH = (
    "The ferry of {} reached the quay at noon, and nobody on board of it was hurt, the harbour "
    "said in a statement that it sent to all the papers of the county on the evening of that day."
)
BODY = [
    PARAGRAPH.format(name) for name in ("Aldmoor", "Brackwell", "Carrow", "Dunmere", "Eastholt")
]
REMARKS = [
    f"I was on the quay of {place} that night, and I do not believe a word of what they say now."
    for place in ("Farrow", "Glenby", "Holm", "Ingle", "Jarrow")
]
NAMES = ("Ada Quill", "tidewatcher", "Tom de Vries", "Ion P.", "Mo")


def _comments(lines: list[str]) -> set[str]:
    result = clean_lines("\n".join(lines))
    return {removal.text for removal in result.removals if removal.rule == "comments"}


def _thread(header: str, *, reply: str = "Reply") -> list[str]:
    lines = ["5 comments"]
    for number, (name, remark) in enumerate(zip(NAMES, REMARKS, strict=True), 1):
        lines += [*header.format(number=number, name=name).split("\n"), remark, reply]
    return lines


@pytest.mark.parametrize(
    "header",
    [
        "{number}. {name} says:\nMay {number}, 2031 at 9:47 pm",
        "{name}\n{number}.5.2031, 18:41 Uhr",
        "Posted by: {name} at December {number}, 2031 05:48 PM",
        "{name} sagt:",
    ],
)
def test_comments_go(header: str) -> None:
    gone = _comments([*BODY, *_thread(header)])
    assert gone >= set(REMARKS)
    assert not gone & set(BODY)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            [line for at, text in enumerate(BODY) for line in (f"3 May 2031, 1{at}:20", text)],
            id="report by the hour",
        ),
        pytest.param(
            [*BODY, *(line for text in REMARKS for line in ("Captain Quill says:", text))],
            id="interview",
        ),
        pytest.param(
            [
                *BODY,
                *(line for text in REMARKS for line in ("Date: Fri, 1 Feb 2031 11:53:40", text)),
            ],
            id="mails",
        ),
        pytest.param([*BODY, *_thread("{name} says:\n4 May 2031, 9:47")[:8]], id="two remarks"),
    ],
)
def test_other_stamps_stay(lines: list[str]) -> None:
    assert not _comments(lines)
