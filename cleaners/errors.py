"""The exceptions of both packages. Bad data is a value (`Rejection`); these are broken promises.

WinnowError
├── ConfigError        a setting, rule file or command line is wrong: mend the named place
├── InputError         a path that was named does not exist or cannot be listed
├── StoreError         the output cannot be written or is not what Winnow wrote
│   ├── StoreLocked    another process is writing to this output
│   └── StoreDamaged   a file of the output does not read
├── EngineError        the cluster that was to do the work cannot be reached or has lost it
├── ModelError         a model file of the package is missing or of another version
└── MissingExtra       an optional dependency is asked for and not installed
"""


class WinnowError(Exception):
    """Root of all; the command line prints its message and ends with exit code 2 or 1."""


class ConfigError(WinnowError):
    """Raised on loading settings or rules. Mend the place that `file`, `line` and `key` name."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)
        self.file, self.line, self.key = file, line, key


class InputError(WinnowError):
    """Raised before any work when a named input is not there. Check the path."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path, self.cause = path, cause


class StoreError(WinnowError):
    """Raised by the store when it cannot keep its promise; names the path and the cause."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path, self.cause = path, cause


class StoreLocked(StoreError):
    """Raised when another process writes to the output. Wait for it or choose another --out."""


class StoreDamaged(StoreError):
    """Raised when a stored file does not read. `winnow doctor` sets such files aside."""


class EngineError(WinnowError):
    """Raised when a cluster cannot be reached or loses work for good. Run again: it goes on."""


class ModelError(WinnowError):
    """Raised when a model of the package does not load. Reinstall the package."""


class MissingExtra(WinnowError):
    """Raised when an optional part is not installed. Install the named extra."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the extra '{extra}': pip install 'winnow-news[{extra}]'")
        self.extra = extra
