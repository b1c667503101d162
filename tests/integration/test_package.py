"""The package of all schools: what is in it, that it is the same wherever it is built, and that Lambda takes it."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from infra import package as packaging
from infra.front import copy_static_files
from infra.package import NotPackaged, Package, build, school
from infra.package.archive import check_room, digest_of, files_of, write_zip
from infra.package.interpreter import RUNTIME
from infra.package.libraries import CHARTS_LOCK, FUNCTIONS_LOCK, RUNTIME_LOCK, compile_folder, requirements

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)  # the first of them may have to fetch the libraries
_MB = 1_000_000


@pytest.fixture(scope="module")
def template(package: Package) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(package.template.read_text("utf-8"))
    return read


def names_in(zipped: Path) -> set[str]:
    with zipfile.ZipFile(zipped) as archive:
        return set(archive.namelist())


def tops(names: set[str], below: str = "") -> set[str]:
    return {name.removeprefix(below).partition("/")[0].removesuffix(".py") for name in names}


# bytes


def test_a_package_that_is_there_is_not_built_again(package: Package) -> None:
    said: list[str] = []
    assert build(said.append) == package
    assert said == ["Nothing has changed since the last package."]


def test_the_same_files_give_the_same_zip_whenever_and_in_whatever_order_they_were_written(tmp_path: Path) -> None:
    zips = []
    for when, order in ((1_000_000_000, "abc"), (1_700_000_000, "cab")):
        folder = tmp_path / order
        folder.mkdir()
        for name in order:
            (folder / name).write_text(f"what {name} says")
            os.utime(folder / name, (when, when))
        write_zip(files_of(folder), tmp_path / f"{order}.zip")
        zips.append((digest_of(files_of(folder)), (tmp_path / f"{order}.zip").read_bytes()))
    assert zips[0] == zips[1]


def test_another_place_or_another_word_gives_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")
    a, b = tmp_path / "a", tmp_path / "b"
    assert len({digest_of(files) for files in ({"a": a}, {"a": b}, {"b": a}, {"a": a, "b": b}, {"ab": a})}) == 5


def test_compiling_and_describing_the_app_again_gives_the_same_bytes(package: Package, tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT / "chalicelib", app / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", app)
    assert school.school_template(app) == package.template.read_text("utf-8")
    compile_folder(app, "/var/task")
    with zipfile.ZipFile(package.functions) as archive:
        for place, path in files_of(app).items():
            assert archive.read(place) == path.read_bytes(), place


# what is in it


def test_the_functions_have_the_app_and_its_libraries_and_nothing_that_only_publishing_or_a_developer_needs(
    package: Package,
) -> None:
    names = names_in(package.functions)
    assert {"app.py", "chalicelib/wiring.py", "chalicelib/locales/es.json", "chalicelib/pages/style.css"} <= names
    assert "chalicelib/domain/guard/names.dat" in names
    assert {"pydantic", "pydantic_core", "chalice", "jinja2", "cryptography", "phonenumbers", "tzdata"} <= tops(names)
    charts = {"altair", "segno", "narwhals", "jsonschema"}
    assert not tops(names) & (charts | {"boto3", "botocore", "pytest", "moto", "infra", "tests", "pip", "bin"})
    layer = names_in(package.charts)
    assert all(name.startswith("python/") for name in layer)
    assert charts <= tops(layer, "python/")
    assert not names & {name.removeprefix("python/") for name in layer}


def test_of_chalice_only_what_runs_is_packed(package: Package) -> None:
    modules = {name for name in names_in(package.functions) if name.startswith("chalice/") and name.endswith(".py")}
    assert modules == {"chalice/__init__.py", "chalice/app.py"}


def test_every_module_is_compiled_for_lambdas_python_so_that_no_cold_start_compiles(package: Package) -> None:
    for zipped in (package.functions, package.charts):
        with zipfile.ZipFile(zipped) as archive:
            names = set(archive.namelist())
            modules = [Path(name) for name in names if name.endswith(".py")]
            for module in modules:
                compiled = f"{module.parent}/__pycache__/{module.stem}.cpython-313.pyc".removeprefix("./")
                assert compiled in names, module
                with archive.open(compiled) as opened:
                    assert opened.read(8)[4:] == b"\x01\0\0\0", f"{compiled} would be compared with dates"


def test_what_is_machine_code_is_for_lambdas_machine(package: Package) -> None:
    for name in names_in(package.functions) | names_in(package.charts):
        if ".so" in Path(name).suffixes:
            assert "cpython-313-x86_64-linux-gnu" in name or "abi3" in name, name


def test_the_static_files_are_those_that_a_school_on_this_machine_serves(package: Package) -> None:
    class Kept:
        def __init__(self) -> None:
            self.files: dict[str, bytes] = {}

        def write(self, path: str, body: bytes, _digest: str) -> None:
            self.files[path] = body

    kept = Kept()
    copy_static_files(kept)  # type: ignore[arg-type]
    assert {place: path.read_bytes() for place, path in package.site.items()} == kept.files
    assert "assets/vega.js" in kept.files


# room


def test_lambda_has_room_for_it(package: Package) -> None:
    check_room(package.sizes)
    assert package.sizes["functions_zipped"] == package.functions.stat().st_size


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("functions_zipped", 51, "zip of functions has 51.0 MB; Lambda takes 50 MB"),
        ("charts_zipped", 50.1, "zip of charts has 50.1 MB; Lambda takes 50 MB"),
        ("charts_unpacked", 210, "Unpacked, functions and charts have 255.0 MB; Lambda takes 250 MB"),
    ],
)
def test_what_lambda_would_refuse_is_refused_here_with_its_size(name: str, size: float, said: str) -> None:
    fits = {"functions_zipped": 20, "functions_unpacked": 45, "charts_zipped": 5, "charts_unpacked": 20}
    sizes = {key: int(n * _MB) for key, n in (fits | {name: size}).items()}
    with pytest.raises(NotPackaged, match=said):
        check_room(sizes)


def test_what_must_be_made_first_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "_MADE", {"make names": "not/there.dat"})
    with pytest.raises(NotPackaged, match="run `make names`"):
        build(lambda _: None)


# the template


def test_the_template_is_plain_cloudformation(template: dict[str, Any]) -> None:
    assert "Transform" not in template
    assert "Globals" not in template
    assert not [one["Type"] for one in template["Resources"].values() if "Serverless" in one["Type"]]


def test_a_school_is_parameters_nothing_of_one_is_written_into_the_template(template: dict[str, Any]) -> None:
    text = json.dumps(template["Resources"])
    for fixed in ("us-east-1", "123456789012", "replaced-by-infra-stack"):
        assert fixed not in text
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    assert len(functions) >= 5
    for function in functions:
        assert function["Properties"]["Runtime"] == RUNTIME
        assert function["Properties"]["Code"] == {"S3Bucket": {"Ref": "ArtifactBucket"}, "S3Key": {"Ref": "CodeKey"}}


def test_parameters_stay_references_and_keep_their_defaults(template: dict[str, Any]) -> None:
    from infra.template import read_stack

    wanted = read_stack()["Parameters"]
    assert {name: one.get("Default") for name, one in wanted.items()} == {
        name: one.get("Default") for name, one in template["Parameters"].items()
    }
    text = json.dumps(template)
    for name in wanted:
        assert f'{{"Ref": "{name}"}}' in text or f"${{{name}}}" in text, f"{name} is not used any more"


# versions


def test_locked_versions_are_such_as_the_requirements_allow() -> None:
    wanted = {
        FUNCTIONS_LOCK: [one for one in requirements(ROOT / "requirements.txt") if not one.startswith("boto3")],
        CHARTS_LOCK: requirements(ROOT / "infra" / "requirements-charts.txt"),
        RUNTIME_LOCK: [one for one in requirements(ROOT / "requirements.txt") if one.startswith("boto3")],
    }
    for lock, names in wanted.items():
        locked = dict(line.split()[0].split("==") for line in requirements(lock))
        for one in map(Requirement, names):
            assert one.specifier.contains(locked[one.name]), f"{one}: run `python -m infra.package lock`"
