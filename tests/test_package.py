"""The wheel, outside the checkout: built, installed into an empty environment, the main jobs run.

No index is asked: the environment sees this one's installed dependencies, but not this checkout.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow.dataset as pads
import pytest

from examples.newswire import serve

ROOT = Path(__file__).parent.parent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


NO_COMPILER = {**os.environ, "CC": "/no/such/compiler"}


def _build(folder: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """A wheel of the checkout as it is, without what was compiled in it."""
    source = folder / "source"
    source.mkdir()
    compiled = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    for package in ("cleaners", "crawler"):
        shutil.copytree(ROOT / package, source / package, ignore=compiled)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=source,
        env=environment,
        check=True,
        capture_output=True,
    )
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that has the wheel."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    site = next((home / "lib").glob("python*")) / "site-packages"
    # Entries of a .pth file that another .pth file adds are not read, so an editable install of
    # this checkout stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = str(home / "bin" / "python")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps",
         "--quiet", "--disable-pip-version-check", str(wheel)],
        check=True,
        cwd=home,
    )  # fmt: skip
    return home / "bin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "seeds", tmp_path / "seeds")
    return tmp_path


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with serve() as newswire:
        yield newswire.proxy


def _winnow(installed: Path, folder: Path, *arguments: str, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(installed / "winnow"), *arguments],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(out: Path) -> list[dict[str, object]]:
    parts = [str(path) for path in (out / "articles").rglob("*.parquet")]
    rows: list[dict[str, object]] = pads.dataset(parts).to_table().to_pylist()
    return rows


def test_the_wheel_holds_code_data_and_marks_but_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cleaners", "crawler"}
    for wanted in ("cleaners/py.typed", "crawler/py.typed", "cleaners/report/report.js"):
        assert wanted in names
    assert any(name.endswith(".npz") for name in names)
    assert any(name.endswith(".toml") for name in names)


def test_what_can_be_compiled_is_in_a_wheel_of_its_platform(wheel: Path, tmp_path: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    sources = {name[: -len(".pyx")] for name in names if name.endswith(".pyx")}
    built = {name.split(".")[0] for name in names if name.endswith((".so", ".pyd"))}
    assert sources
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC").split()[0]
    assert built == (sources if shutil.which(compiler) else set())
    assert ("none-any" in wheel.name) == (not built)
    plain = _build(tmp_path, NO_COMPILER)
    assert plain.name.endswith("none-any.whl")
    assert not any(name.endswith((".so", ".pyd")) for name in zipfile.ZipFile(plain).namelist())


def test_the_code_is_that_of_the_wheel(installed: Path, folder: Path) -> None:
    done = subprocess.run(
        [str(installed / "python"), "-c", "import cleaners, crawler; print(cleaners.__file__)"],
        cwd=folder,
        env={"HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(installed.parent))


def test_clean(installed: Path, folder: Path) -> None:
    _winnow(installed, folder, "clean", "seeds", "--out", "out")
    assert len(_rows(folder / "out")) == len(list((folder / "seeds").iterdir()))
    _winnow(installed, folder, "report", "--out", "out")
    assert (folder / "out/reports/report.html").stat().st_size > 10_000


def test_related(installed: Path, folder: Path, proxy: str) -> None:
    site = "http://www.harbour-gazette.example/"
    _winnow(
        installed, folder, "related", "seeds", "--site", site, "--out", "out",
        http_proxy=proxy, WINNOW_POLITENESS_DELAY="0.02",
    )  # fmt: skip
    found = _rows(folder / "out")
    assert len(found) >= 2
    assert all(str(row["url"]).startswith(site) for row in found)
