"""The house of DESIGN: which room may know which."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIB = ROOT / "chalicelib"
FILES = sorted(path for path in LIB.rglob("*.py") if path.name != "__init__.py")

ROOMS = {
    "domain": {"domain"},
    "ports": {"ports", "domain"},
    "settings": set(),
    "observability": set(),
    "doors": {"doors", "domain"},
    "charts": {"charts", "domain"},
    "pages": {"pages", "domain"},
    "work": {"work", "doors", "domain", "ports"},
    "stores": {"stores", "ports", "domain"},
    "routes": {"routes", "work", "doors", "domain", "pages", "observability", "wiring"},
    "wiring": {"stores", "charts", "pages", "work", "ports", "domain", "settings"},
}
OUTSIDE = {
    "domain": {"pydantic", "pydantic_core"},
    "ports": set(),
    "settings": {"pydantic"},
    "observability": {"aws_lambda_powertools"},
    "doors": {"pydantic", "phonenumbers"},
    "charts": {"altair"},
    "pages": {"jinja2", "segno"},
    "work": {"itsdangerous", "ulid"},
    "stores": {
        *("authlib", "joserfc", "urllib3"),
        *("ulid", "boto3", "botocore", "mypy_boto3_comprehend"),
        *("mypy_boto3_dynamodb", "mypy_boto3_s3", "mypy_boto3_ssm", "mypy_boto3_sesv2"),
        *("mypy_boto3_pinpoint_sms_voice_v2", "cryptography"),
    },
    "routes": {"chalice", "pydantic"},
    "wiring": set(),
}
_LONGEST_FUNCTION = 40


def room_of(path: Path) -> str:
    return path.relative_to(LIB).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            if node.module == "chalicelib":
                yield from (f"chalicelib.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIB)))
def test_arrows_between_rooms_point_one_way(path: Path) -> None:
    room = room_of(path)
    for name in imports_of(path):
        top, _, rest = name.partition(".")
        if top == "chalicelib":
            assert rest.split(".")[0] in ROOMS[room], f"{room} may not know {name}"
        elif top not in sys.stdlib_module_names:
            assert top in OUTSIDE[room], f"{room} may not know {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIB)))
def test_no_function_is_long_except_a_charts_spec_and_the_api_description(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name not in {"_spec", "describe_api"}:
            docstring = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or node.lineno) - node.lineno - docstring.count("\n")
            assert lines <= _LONGEST_FUNCTION, f"{path.name}: {node.name} has {lines} lines"


def test_modules_hold_one_idea_each() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in FILES}
    longest = {"table.py": 300, "wiring.py": 280, "school.py": 330, "publish.py": 330, "writer.py": 300, "win.py": 280}
    longest |= {"drawing.py": 260, "chart.py": 300}
    too_long = {path.name: n for path, n in sizes.items() if n > longest.get(path.name, 200)}
    assert not too_long


def test_only_chalicelib_and_app_reach_the_function() -> None:
    for path in [ROOT / "app.py", *FILES]:
        assert not any(name.split(".")[0] in {"infra", "tests", "benchmarks"} for name in imports_of(path)), path
