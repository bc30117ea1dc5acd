from pathlib import Path

from cleaners.html.blocks import read_blocks
from cleaners.html.templates import Templates, learn, observe
from cleaners.store.dataset import Dataset
from cleaners.store.learned import load_templates, save_templates


def known() -> Templates:
    pages = []
    for number in range(4):
        html = f"<body><p>Story {number} of the lighthouse keeper.</p><p>Tide tables by post</p>"
        document = read_blocks(html)
        url = f"http://tideline.test/{number}"
        keep = [True] * len(document.blocks)
        pages.append(observe(document, keep, url=url, title=f"Story {number}", day=20_000))
    return learn(pages)


def test_what_was_learned_is_there_in_the_next_run(tmp_path: Path) -> None:
    save_templates(Dataset.open(tmp_path), known())
    assert load_templates(Dataset.open(tmp_path)) == known()


def test_a_new_output_knows_nothing_and_a_damaged_file_is_learned_again(tmp_path: Path) -> None:
    dataset = Dataset.open(tmp_path)
    assert load_templates(dataset) == Templates()
    save_templates(dataset, known())
    file = tmp_path / ".winnow" / "templates.json.gz"
    file.write_bytes(file.read_bytes()[:20])
    assert load_templates(dataset) == Templates()
