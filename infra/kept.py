"""What the code keeps of anybody, read from the code itself: models, items, resources, counts, cookies, log lines."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from chalicelib.domain.appearance import published_story
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import FACTORS, Author, PracticeUse, Win
from infra.schoolfile import SAMPLE, load_school
from infra.template import read_stack

ROOT = Path(__file__).parent.parent

Kept = dict[str, str]
"""What a thing keeps: field → what the code says of it, if anything."""


def _of_model(path: str) -> Kept:
    """Read a model's fields, each with the docstring below it."""
    module, _, name = path.rpartition(".")
    model = getattr(importlib.import_module(module), name)
    if dataclasses.is_dataclass(model):
        names = [field.name for field in dataclasses.fields(model)]
    else:
        names = list(getattr(model, "model_fields", None) or model._fields)
    (body,) = (node.body for node in ast.parse(inspect.getsource(model)).body if isinstance(node, ast.ClassDef))
    documented = {}
    for node, after in pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            documented[ast.unparse(node.target)] = " ".join(str(after.value.value).split()).rstrip(".")
    return {name: documented.get(name, "") for name in names}


def _of_items(modules: list[str]) -> Kept:
    """Read the items of the table from the heads of the modules that know their keys."""
    rows = [row for module in modules for row in str(importlib.import_module(module).__doc__).splitlines()]
    found = (re.match(r"\| ([a-z ]+?) *\| `", row) for row in rows)
    return {row[1]: "" for row in found if row}


def _of_story(_: object) -> Kept:
    """Read what is published of wins that have everything, of teams that are shown and of teams that are hidden."""
    school = load_school(SAMPLE)
    labels = Labels(school, 1, lambda _: school)
    words = dict.fromkeys(("story", "tried", "happened", "takeaway", "quoted", "question"), "…")
    told: Any = {
        "goals": (school.goals[0].id,),
        "signs": (school.signs[0].id,),
        "practices": (PracticeUse(id=school.practices[0].id),),
        "groups": (school.groups[0].id,),
        "author": Author(mode="named", name="…"),
        "helped": FACTORS,
        "hindered": FACTORS,
        "resolves": "Q69G5FAV3NDEKTSV",
        "quotable": True,
    }
    day, key = date(2026, 9, 16), {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "week": "2026-W38", "school_version": 1}
    wins = (
        Win(**words, **told, **key, kind="success", channel="mail", day=day, occurred_on=day, team=team.id)
        for team in school.teams
    )
    return {name: "" for win in wins for name in published_story(win, labels, tried=1)}


def _of_stack(types: str | list[str]) -> Kept:
    """Read the resources of some types from the stack."""
    wanted = [types] if isinstance(types, str) else types
    return {name: "" for name, one in read_stack()["Resources"].items() if one.get("Type") in wanted}


def _of_code(pattern: str, folder: str, ending: str) -> Callable[[object], Kept]:
    def read(_: object) -> Kept:
        files = sorted((ROOT / folder).rglob(ending))
        found = (hit for path in files for hit in re.findall(pattern, path.read_text("utf-8")))
        return dict.fromkeys(sorted(found), "")

    return read


def _of_logs(_: object) -> Kept:
    """Read which names log lines hold."""
    files = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
    return {name: "" for path in files for name in sorted(set(_logged(ast.parse(path.read_text("utf-8")))))}


def _logged(tree: ast.Module) -> Iterator[str]:
    """Yield the keys of what is logged; where a name stands for it, those of all that is so called."""
    named: dict[str, list[ast.Dict]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            named.setdefault(ast.unparse(target), []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "extra" and not isinstance(node.value, ast.Constant):
            dicts = [node.value] if isinstance(node.value, ast.Dict) else named[ast.unparse(node.value)]
            yield from (ast.literal_eval(key) for one in dicts for key in one.keys if key)


READERS: dict[str, Callable[[Any], Kept]] = {
    "model": _of_model,
    "items": _of_items,
    "story": _of_story,
    "stack": _of_stack,
    "logs": _of_logs,
    "counts": _of_code(r'count_(?:up|in_hour)\((?:desk, )?f?"([A-Z_]+)', "chalicelib", "*.py"),
    "cookies": _of_code(r'"(__Host-[a-z-]+|CloudFront-(?:[A-Z][A-Za-z]+-?)+)"', "chalicelib/routes", "*.py"),
    "browser": _of_code(r'"(small-wins/[a-z-]+)', "static_site", "*.js"),
}
"""How each kind of thing in `schedule.yaml` is read."""
