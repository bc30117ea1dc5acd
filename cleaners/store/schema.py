"""The tables Winnow writes: one versioned Arrow schema each, with a description on every field.

`python -m cleaners.store.schema` prints docs/schema.md. To change a table, add a nullable column
to the end of it in tables.toml and raise `VERSION`: older files then read together with new ones,
the column null.
"""

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa

VERSION = 2
SIGNED_SINCE = 2
"""The first version whose signatures can be compared with today's; those before count as
missing: rows that are read or written anew have none, and linking makes them from the texts."""

SIGNATURE = "minhash"
MINHASH_BYTES = 512  # 128 permutations of 32 bits: standard error of a Jaccard estimate 4 points
ROW_GROUP_ROWS = 65_536
PARTITION = "ingest_date"

_TIME = pa.timestamp("us", tz="UTC")
_LIST = pa.list_(pa.string())
_IMAGE = pa.struct([("url", pa.string()), ("caption", pa.string()), ("credit", pa.string())])
_REMOVED = pa.struct(
    [
        ("text", pa.large_string()),
        ("rule", pa.string()),
        ("stage", pa.string()),
        ("position", pa.int32()),
        ("score", pa.float32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, what it says, and whether its values repeat (dictionary)."""

    name: str
    type: pa.DataType
    description: str
    repeats: bool = False
    required: bool = False

    @property
    def field(self) -> pa.Field:
        return pa.field(
            self.name,
            self.type,
            nullable=not self.required,
            metadata={"description": self.description},
        )


@dataclass(frozen=True, slots=True, eq=False)  # a table is itself: what is made of one is cached
class Table:
    """One table: folder of the output, columns in order of use, and its sort order in a file."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: str
    partitioned: bool = True
    order: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a file; the partition column lives in the folder's name alone."""
        return _schema(self)

    @property
    def repeating(self) -> list[str]:
        """Columns that are worth a dictionary, named as Parquet names its leaves."""
        leaves: list[str] = []
        for column in self.columns:
            if not column.repeats:
                continue
            if pa.types.is_list(column.type):
                leaves.append(f"{column.name}.list.element")
            else:
                leaves.append(column.name)
        if self.name in ("articles", "revisions"):
            leaves += ["removed.list.element.rule", "removed.list.element.stage"]
        return leaves

    def position(self, name: str) -> int:
        """Where in a row a column stands."""
        return next(i for i, column in enumerate(self.columns) if column.name == name)


@cache
def _schema(table: Table) -> pa.Schema:
    return pa.schema(
        [column.field for column in table.columns],
        metadata={
            "winnow.table": table.name,
            "winnow.schema_version": str(VERSION),
            "description": table.description,
        },
    )


_TYPES = {
    "string": pa.string(),
    "text": pa.large_string(),
    "time": _TIME,
    "strings": _LIST,
    "images": pa.list_(_IMAGE),
    "removed": pa.list_(_REMOVED),
    "minhash": pa.binary(MINHASH_BYTES),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "bool": pa.bool_(),
}


def _column(name: str, kind: str, description: str) -> Column:
    return Column(
        name, _TYPES[kind.rstrip("!*")], description, repeats="*" in kind, required="!" in kind
    )


def _read() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    given = tomllib.loads((files(__package__) / "tables.toml").read_text("utf-8"))
    for name, spec in given.items():
        columns = tuple(_column(column, *says) for column, says in spec["columns"].items())
        base = tables[spec["extends"]].columns if "extends" in spec else ()
        tables[name] = Table(
            name=name,
            description=spec["says"],
            columns=base + columns,
            key=spec["key"],
            partitioned=spec["partitioned"],
            order=tuple(spec["order"]),
        )
    return tables


_TABLES = _read()
ARTICLES, REVISIONS = _TABLES["articles"], _TABLES["revisions"]
REJECTS, STORIES = _TABLES["rejects"], _TABLES["stories"]
TABLES = (ARTICLES, REJECTS, STORIES, REVISIONS)


def version_of(schema: pa.Schema) -> int | None:
    """The schema version that a file was written with; None if Winnow did not write it."""
    value = (schema.metadata or {}).get(b"winnow.schema_version")
    return int(value) if value is not None and value.isdigit() else None


def comparable(schema: pa.Schema) -> bool:
    """Whether the signatures of a file with this schema are made as today's are."""
    written = version_of(schema)
    return written is None or written >= SIGNED_SINCE


def render() -> str:
    """docs/schema.md: every table and column, from the code."""
    lines = [
        "# Tables",
        "",
        "Made by `python -m cleaners.store.schema`; do not edit.",
        "",
        f"Schema version {VERSION}, in the metadata of every file (`winnow.schema_version`). Times "
        "are UTC in microseconds. Files are Parquet, zstd, with a page index and page checksums.",
        "",
    ]
    for table in TABLES:
        where = f"{table.name}/{PARTITION}=YYYY-MM-DD/" if table.partitioned else f"{table.name}/"
        lines += [
            f"## {table.name}",
            "",
            f"{table.description} In `{where}`, key `{table.key}`.",
            "",
        ]
        lines += ["| column | type | what it says |", "|---|---|---|"]
        for column in table.columns:
            kind = str(column.type).replace("element: ", "").replace("|", "\\|")
            need = "" if column.required else "?"
            lines.append(f"| {column.name} | {kind}{need} | {column.description} |")
        if table.partitioned:
            lines.append(
                f"| {PARTITION} | date | Folder name: the UTC day the key was first stored. |"
            )
        lines.append("")
    lines.append("A `?` after a type: may be null.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
