"""Compiles what of cleaning has compiled parts; where it cannot, Python does the same work."""

import os
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("gbm", "html", "metadata", "store", "text")
FOLDERS = tuple(f"cleaners/{part}/compiled" for part in PARTS)
FLAGS = [] if os.name == "nt" else ["-O2", "-g0", "-ffp-contract=off"]
"""No debug symbols, which are four fifths of the file; products and sums rounded as NumPy does."""


class CompileHook(BuildHookInterface[Any]):
    """Puts compiled modules beside their sources, for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds, for whatever `version` of the target."""
        del version
        if self.target_name != "wheel" or os.environ.get("WINNOW_PURE"):
            return
        from setuptools.errors import BaseError, CCompilerError

        try:
            compile_in(Path(self.root))
        except (BaseError, CCompilerError, ImportError, OSError) as error:
            self.app.display_warning(f"not compiled, Python will do: {error}")
            return
        build_data["artifacts"] += [f"{name}/*.{end}" for name in FOLDERS for end in ("so", "pyd")]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


def compile_in(root: Path) -> None:
    """Compile every .pyx of the folders; raises what setuptools raises without a compiler."""
    import lxml
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    with chdir(root), tempfile.TemporaryDirectory() as scratch:
        sources = sorted(found for name in FOLDERS for found in Path(name).glob("*.pyx"))
        extensions = [
            Extension(
                ".".join(source.with_suffix("").parts),
                [str(source)],
                include_dirs=lxml.get_include(),
                extra_compile_args=FLAGS,
            )
            for source in sources
        ]
        command = Distribution(
            {"ext_modules": cythonize(extensions, build_dir=scratch, quiet=True)}
        ).get_command_obj("build_ext")
        command.inplace = True
        command.build_temp = scratch
        command.parallel = os.cpu_count()
        command.ensure_finalized()
        command.run()


if __name__ == "__main__":  # after a change to a .pyx of an editable install
    compile_in(Path(__file__).parent)
