"""The command line as people and scripts meet it: output, exit codes, errors, help."""

import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as pads
import pytest

from crawler.cli import run

PROSE = "\n\n".join(
    f"The harbour council said on day {n} that the ferry to Brack Island would sail again soon, "
    "although the pier is still being repaired after the winter storm."
    for n in range(5)
)
COMMANDS = [
    *("clean", "related", "site", "pages", "replay", "reclean", "explain", "report", "query"),
    *("stats", "run", "watch", "schedule", "link", "compact", "doctor", "init", "config"),
]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test works in a folder of its own, with nothing of the caller's environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("WINNOW_CONFIG", "WINNOW_OUT", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


def _write(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


def _rows(out: Path, table: str) -> list[dict[str, object]]:
    parts = [str(path) for path in (out / table).rglob("*.parquet")]
    rows: list[dict[str, object]] = pads.dataset(parts).to_table().to_pylist() if parts else []
    return rows


def test_clean_stores_articles_and_names_every_failed_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "in", a_txt=PROSE, b_html=b"\x89PNG\r\n\x1a\n1234", c_txt=b"")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    assert run(["clean", "in"]) == 1
    said = capsys.readouterr()
    assert "in/b.html: binary (a PNG picture)" in said.err
    assert "in/c.txt: empty (0 bytes)" in said.err
    assert "in/loop: link-loop" in said.err
    assert "1 articles, 3 rejected" in said.err
    assert [row["source"] for row in _rows(tmp_path / "output", "articles")] == ["in/a.txt"]
    assert {row["source"]: row["reason"] for row in _rows(tmp_path / "output", "rejects")} == {
        "in/b.html": "binary",
        "in/c.txt": "empty",
        "in/loop": "link-loop",
    }


def test_clean_again_adds_no_row(tmp_path: Path) -> None:
    _write(tmp_path / "in", a_txt=PROSE, b_txt="short")
    assert run(["clean", "in", "--out", "o", "-q"]) == 1
    assert run(["clean", "in", "--out", "o", "-q"]) == 1
    assert (len(_rows(tmp_path / "o", "articles")), len(_rows(tmp_path / "o", "rejects"))) == (1, 1)


def test_clean_reads_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stdin:
        buffer = io.BytesIO(PROSE.encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    assert run(["clean", "-", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["type"], line.get("source")) for line in lines] == [
        ("outcome", "-"),
        ("summary", None),
    ]
    assert lines[-1]["articles"] == 1


def test_json_is_all_that_standard_output_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "in", a_txt=PROSE)
    assert run(["clean", "in", "--json"]) == 0
    for command in (["stats"], ["link"], ["report"], ["config"], ["explain", "in/a.txt"]):
        assert run([*command, "--json"]) == 0, command
    said = capsys.readouterr()
    records = [json.loads(line) for line in said.out.splitlines()]
    assert all("type" in record for record in records)
    assert said.err == ""


def test_query_answers_in_rows_files_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "in", a_txt=PROSE, b_txt=PROSE.replace("ferry", "tram"))
    run(["clean", "in", "-q"])
    sql = "select source from articles order by 1"
    assert run(["query", sql]) == 0
    assert "in/a.txt" in capsys.readouterr().out
    assert run(["query", sql, "--json"]) == 0
    rows = [json.loads(line)["values"]["source"] for line in capsys.readouterr().out.splitlines()]
    assert rows == ["in/a.txt", "in/b.txt"]
    assert run(["query", sql, "-f", "csv", "--to", "rows.csv"]) == 0
    assert (tmp_path / "rows.csv").read_text().splitlines() == ["source", "in/a.txt", "in/b.txt"]
    capsys.readouterr()
    assert run(["query", "selec"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert run(["query", "select * from read_csv('/etc/passwd')"]) == 2


def test_quiet_says_failures_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path / "in", a_txt=PROSE)
    assert run(["clean", "in", "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.out == said.err == ""


WRONG: list[tuple[list[str], str]] = [
    (["claen", "x"], "did you mean 'clean'"),
    (["clean", "--ouy", "x", "y"], "no option is called --ouy; did you mean --out?"),
    (["clean"], "missing argument"),
    (["clean", "nowhere.txt"], "nowhere.txt: there is no such file or folder"),
    (["clean", "*.warc"], "no file matches this pattern"),
    (["clean", "x", "--workers", "0"], "--workers"),
    (["clean", "x", "--config", "none.toml"], "`winnow init` writes one"),
    (["related", "seed.txt"], "nowhere to look"),
    (["related", "seed.txt", "--search", "gdlt"], "'gdlt' is no search service"),
    (["related", "short.txt", "--site", "https://a.example"], "no seed could be read: too-short"),
    (["site", "ftp://a.example/"], "not an http or https address"),
    (["site", "nowhere"], "neither an address nor a file"),
    (["pages", "empty.txt"], "no address in it"),
    (["replay", "seed.txt2"], "no such file"),
    (["reclean"], "there is no archive"),
    (["explain", "https://a.example/x"], "there is no output here"),
    (["explain", "empty.txt"], "empty"),
    (["report"], "there is no output here"),
    (["query", "select 1"], "there is no output here"),
    (["run", "x"], "no story or site is called 'x'"),
    (["run"], "name what to run"),
    (["watch"], "has a schedule"),
    (["schedule", "cron"], "has a schedule"),
    (["schedule", "at"], "'cron', 'systemd'"),
    (["init", "seed.txt"], "is there already; use --force"),
    (["init", "--story", "x", "--seed", "s", "--search", "gdlt"], "not one of gdelt"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[" ".join(w[0]) for w in WRONG])
def test_a_wrong_call_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    _write(tmp_path, seed_txt=PROSE, short_txt="Too short.", empty_txt="")
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert words in said.err.lower() or words in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


def test_debug_shows_the_trace(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="there is no such file"):
        run(["clean", "nowhere.txt", "--debug"])
    assert run(["clean", "nowhere.txt"]) == 2


def test_an_output_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, a_txt=PROSE, output="a file where the folder should be")
    assert run(["clean", "a.txt"]) == 1
    assert "output" in capsys.readouterr().err


def test_control_sequences_never_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]0;owned\x07\x1b[31mFerry\x1b[2J \u202eback\x9b31m"
    _write(tmp_path / "in", a_txt=f"{evil} title\n\n{PROSE}\n\n{evil}")
    (tmp_path / "in" / "b\x1b[31m.txt").write_bytes(b"")
    assert run(["clean", "in", "-v"]) == 1
    assert run(["explain", "in/a.txt"]) == 0
    said = capsys.readouterr()
    assert not any(char in said.out + said.err for char in "\x1b\x9b\x07\u202e")
    assert "Ferry" in said.out


def test_tables_fit_a_narrow_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    _write(tmp_path / "in", a_txt=PROSE, **{("b" * 90 + "_txt"): ""})
    run(["clean", "in", "-q"])
    assert run(["stats"]) == 0
    assert all(len(line) <= 50 for line in capsys.readouterr().out.splitlines())


def test_init_then_config(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = ["--story", "ferry", "--seed", "seeds/", "--site", "https://harbour.example/"]
    assert run(["init", *story, "--schedule", "every 6 hours", "--contact", "a@b.example"]) == 0
    assert run(["config"]) == 0
    said = capsys.readouterr()
    assert "ferry" in said.out
    assert "every 6 hours" in said.out
    assert "politeness.user_agent" in said.out
    assert "winnow.toml:" in said.out
    assert run(["schedule", "cron"]) == 0
    assert "0 */6 * * * cd " in capsys.readouterr().out


def test_init_without_a_terminal_writes_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init"]) == 0
    text = (tmp_path / "winnow.toml").read_text()
    assert "# [stories.my-story]" in text
    assert run(["config", "--all"]) == 0


def test_init_asks_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Typing(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = "old town\nseeds/, https://a.example/x\n\ngdelt\ndaily at 06:30\nme@x.example\n"
    monkeypatch.setattr(sys, "stdin", Typing(answers))
    assert run(["init"]) == 0
    text = (tmp_path / "winnow.toml").read_text()
    assert '[stories."old town"]' in text
    assert 'seeds = ["seeds/", "https://a.example/x"]' in text
    assert 'search = ["gdelt"]' in text
    assert "(news research; me@x.example)" in text


def test_passwords_do_not_show(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WINNOW_CRAWL_FRONTIER", "postgresql://me:s3cret@db.example/x")
    assert run(["config"]) == 0
    assert run(["config", "--json"]) == 0
    said = capsys.readouterr()
    assert "s3cret" not in said.out + said.err
    assert "postgresql://me:***@db.example/x" in said.out


def test_dry_run_shows_the_story_and_fetches_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, seed_txt=PROSE)
    assert run(["related", "seed.txt", "--dry-run", "--site", "https://harbour.example/"]) == 0
    said = capsys.readouterr()
    for shown in ("Brack Island", "https://harbour.example/", "1 seed; "):
        assert shown in said.out + said.err
    assert not {"@", "%"} & set(said.out)  # marks that tell kinds of terms apart
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=str)
def test_every_command_has_help_with_an_example(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"winnow {' '.join(command)}".strip() in said
    assert "Examples" in said or not command


@pytest.mark.slow
def test_help_comes_fast() -> None:
    """Processor time, as other processes share the machine: 0.25 s when nothing heavy is imported,
    1 s and more with pyarrow or Scrapy."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "crawler", "--help"]
        done = subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert b"winnow" in done.stdout
    assert min(times) < 0.6


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from crawler.cli import run; run(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pyarrow", "scrapy", "lxml", "numpy", "trafilatura", "duckdb", "cleaners"}


def test_completion_knows_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()"],
        env={"_WINNOW_COMPLETE": "complete_bash", "COMP_WORDS": "winnow re", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert {"related", "replay", "reclean", "report"} <= set(done.stdout.split())


@pytest.mark.slow
def test_ctrl_c_is_told_and_keeps_what_is_stored(tmp_path: Path) -> None:
    folder = _write(tmp_path / "in")
    for number in range(400):
        (folder / f"{number:03}.txt").write_text(PROSE.replace("ferry", f"ferry {number}"))
    command = [sys.executable, "-m", "crawler", "clean", "in", "--json", "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().strip().splitlines()[-1].startswith("winnow: interrupted")
    assert run(["clean", "in", "-q"]) == 0
    assert len(_rows(tmp_path / "output", "articles")) == 400


def test_explain_sums_up_long_runs_of_removed_blocks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "Home",
        "News",
        "Sport",
        "Weather",
        "Jobs",
        "Motors",
        "Travel",
        "Food",
        "Music",
        "Books",
        "Chess",
        "Shop",
        "Help",
    ]
    menu = "".join(
        f"<li><a href='/{word}'>{word} of the towns around the lake</a></li>" for word in words
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE.split("\n\n"))
    page = f"<html><body><nav><ul>{menu}</ul></nav><article>{body}</article></body></html>"
    _write(tmp_path, a_html=page)
    assert run(["explain", "a.html"]) == 0
    short = capsys.readouterr().out
    assert "Home" in short
    assert "Shop" not in short
    assert re.search(r"… \d+ more removed here \(.+\); -v shows them", short)
    assert run(["explain", "a.html", "-v"]) == 0
    assert "Shop" in capsys.readouterr().out


def test_a_damaged_file_of_the_output_is_named_and_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "in", a_txt=PROSE)
    run(["clean", "in", "-q"])
    [part] = (tmp_path / "output" / "articles").rglob("*.parquet")
    part.write_bytes(part.read_bytes()[:200])
    capsys.readouterr()
    assert run(["clean", "in", "-q"]) == 1
    assert f"{part.relative_to(tmp_path)}: damaged" in capsys.readouterr().err
    assert [row["source"] for row in _rows(tmp_path / "output", "articles")] == ["in/a.txt"]


def test_wrong_site_rules_are_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, rules_toml='["a.example"]\ndrop = ["p["]\n', a_txt=PROSE)
    monkeypatch.setenv("WINNOW_CLEAN_RULES_FILE", "rules.toml")
    assert run(["clean", "a.txt"]) == 2
    assert "rules.toml:2" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


def test_explain_finds_members_by_the_source_that_the_tables_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"text": PROSE.replace("ferry", word)}) for word in ("ferry", "tram")]
    _write(tmp_path, a_jsonl="\n".join(lines))
    assert run(["explain", "a.jsonl::2"]) == 0
    assert "the tram to Brack Island" in capsys.readouterr().out
    assert run(["explain", "a.jsonl::3"]) == 2
    assert "no such member in a.jsonl" in capsys.readouterr().err
