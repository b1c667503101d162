"""What the docs say is so."""

from __future__ import annotations

import argparse
import importlib.util
import re
import runpy
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app import app
from chalicelib.domain.errors import STATUS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EVERYTHING = "\n".join(path.read_text("utf-8") for path in PAGES)


def test_every_route_is_in_the_docs() -> None:
    api = (ROOT / "docs" / "api.md").read_text("utf-8")
    for address, methods in app.routes.items():
        for method in methods:
            assert f"`{method} {address.replace('{win_id}', '{id}')}`" in api


def test_every_error_code_is_in_the_docs_with_its_status() -> None:
    api = (ROOT / "docs" / "api.md").read_text("utf-8")
    for code, status in STATUS.items():
        assert f"| `{code}` | {status} |" in api


def test_every_make_target_that_is_named_exists() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", EVERYTHING)) | set(
        re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z]+)", EVERYTHING, re.MULTILINE)
    )
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)*)", EVERYTHING))))
def test_every_command_that_is_named_exists(module: str) -> None:
    assert importlib.util.find_spec(module) is not None


class Understood(Exception):  # noqa: N818 - what is wanted
    """A command has understood what it was told."""


COMMAND = re.compile(r"(?:python -m |`)(infra\.[a-z]+)(?![\w.])([^`\n|&>]+?)(?: -->|$|[`|&>])", re.MULTILINE)


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
@pytest.mark.parametrize(("module", "told"), sorted(set(COMMAND.findall(EVERYTHING))))
def test_every_command_understands_what_it_is_told(module: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is left out to be short; what is said must be known."""
    parse = argparse.ArgumentParser.parse_args

    def only_parse(*given: Any) -> None:
        parse(*given)
        raise Understood

    def refuse(_: Any, message: str) -> None:
        raise (Understood if "required" in message else AssertionError)(message)

    monkeypatch.setattr("argparse.ArgumentParser.parse_args", only_parse)
    monkeypatch.setattr("argparse.ArgumentParser.error", refuse)
    monkeypatch.setattr("sys.argv", [module, *shlex.split(told)])
    with suppress(Understood, SystemExit):
        runpy.run_module(module, run_name="__main__")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_chart_is_in_the_docs() -> None:
    for path in (ROOT / "chalicelib" / "charts").glob("*.py"):
        if path.stem not in {"__init__", "gallery", "theme", "making", "drawing", "boxes", "specs", "forms"}:
            assert f"charts/{path.name}" in EVERYTHING


def test_every_decision_names_what_was_chosen_over_what() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.name
        assert "**Over:**" in text, path.name
