"""The deployment files name commands, options, settings and files that exist.

No container engine runs where the tests run: images are neither built nor started here.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from crawler.cli import app
from crawler.config import load_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
MANIFESTS = sorted(KUBERNETES.glob("*.yaml"))


def documents(path: Path) -> list[Any]:
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping within a document."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from mappings(part)


def compose() -> dict[str, Any]:
    [found] = documents(DEPLOY / "compose.yaml")
    return dict(found)


def calls() -> Iterator[tuple[str, list[str]]]:
    """(file, arguments) of every winnow that is started."""
    for service in compose()["services"].values():
        if service["image"] == "winnow":
            yield (
                "compose.yaml",
                [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", a) for a in service["command"]],
            )
    for path in MANIFESTS:
        for document in documents(path):
            for mapping in mappings(document):
                if str(mapping.get("image", "")).startswith("winnow") and "args" in mapping:
                    yield path.name, mapping["args"]
                if "entrypoint" in mapping:
                    program, *arguments = shlex.split(mapping["entrypoint"])
                    assert program == "winnow"
                    yield path.name, arguments


CALLS = list(calls())


@pytest.mark.parametrize(("file", "arguments"), CALLS, ids=[f"{f}-{a[0]}" for f, a in CALLS])
def test_commands_parse(file: str, arguments: list[str]) -> None:
    group: Any = typer.main.get_command(app)
    name, *rest = arguments
    command = group.commands[name]
    context = command.make_context(name, list(rest))  # raises for what it does not know
    assert context.params["out"]


def test_all_commands_were_found() -> None:
    assert [(file, arguments[0]) for file, arguments in CALLS] == [
        ("compose.yaml", "site"),
        ("compose.yaml", "clean"),
        ("clean-on-ray.yaml", "clean"),
        ("crawl.yaml", "site"),
        ("upkeep.yaml", "link"),
        ("upkeep.yaml", "compact"),
    ]


def test_settings_in_the_environment_are_settings() -> None:
    found: dict[str, str] = dict(compose()["services"]["crawl"]["environment"])
    for document in documents(KUBERNETES / "crawl.yaml"):
        for mapping in mappings(document):
            if str(mapping.get("name", "")).startswith("WINNOW_"):
                found[mapping["name"]] = mapping["value"]
    assert set(found) == {"WINNOW_CRAWL_FRONTIER"}
    settings = load_settings(None, found)
    assert str(settings.crawl.frontier).startswith("postgresql://winnow:")


def test_manifests_hang_together() -> None:
    [kustomization] = documents(KUBERNETES / "kustomization.yaml")
    listed = set(kustomization["resources"])
    assert listed | {"kustomization.yaml", "clean-on-ray.yaml"} == {path.name for path in MANIFESTS}
    objects = [document for name in listed for document in documents(KUBERNETES / name)]
    assert all({"apiVersion", "kind", "metadata"} <= set(each) for each in objects)
    claims = {each["metadata"]["name"] for each in objects if each["kind"].endswith("Claim")}
    for mapping in (mapping for each in objects for mapping in mappings(each)):
        if "persistentVolumeClaim" in mapping:
            assert mapping["persistentVolumeClaim"]["claimName"] in claims
        if "matchLabels" in mapping:
            labels = [m["metadata"]["labels"] for e in objects for m in mappings(e)
                      if "labels" in m.get("metadata", {})]  # fmt: skip
            assert mapping["matchLabels"] in labels


def test_compose_volumes_and_services_are_declared() -> None:
    whole = compose()
    for service in whole["services"].values():
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in whole["volumes"]
        assert set(service.get("depends_on", {})) <= set(whole["services"])


def test_the_image_is_made_of_files_that_exist() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (DEPLOY.parent / name).exists(), name
    [extras] = re.findall(r"\.\[([\w,]+)\]", text)
    known = (DEPLOY.parent / "pyproject.toml").read_text("utf-8")
    assert all(f"\n{extra} = [" in known for extra in extras.split(","))
