"""The libraries of a package: which ones exactly (lock files), fetched for Lambda's machine, cleaned and compiled.

A lock file names what was resolved once, with hashes, so that every machine packs the same bytes at any time.
`python -m infra.package lock` resolves anew; it prefers the versions of .venv, as those are what the tests ran with.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from infra.engine import ROOT
from infra.package.interpreter import VERSION, find_python

FUNCTIONS_LOCK = ROOT / "infra" / "functions.lock"
CHARTS_LOCK = ROOT / "infra" / "charts.lock"
RUNTIME_LOCK = ROOT / "infra" / "runtime.lock"
LOCKS = (FUNCTIONS_LOCK, CHARTS_LOCK, RUNTIME_LOCK)

_GIVEN = {"boto3", "chalice"}
"""Not resolved with the functions: Lambda has boto3, and of Chalice two modules without its dependencies are packed."""
_OF_LAMBDA = ["awslambdaric>=4,<5", "boto3==1.40.0"]
"""What stands in for /var/runtime: Amazon's client of the runtime API, and the oldest boto3 we say is enough."""
_PLATFORMS = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")  # Amazon Linux 2023: glibc 2.34
_NOISE = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
"""What only installers read. Licences and names of versions stay."""
_FLAT = VERSION.replace(".", "")


class NotPackaged(Exception):  # noqa: N818 - a state, not a bug
    """The package can't be built here; the text says why and what to do."""


def _pip(*arguments: str) -> None:
    platform = [f"--platform={name}_x86_64" for name in _PLATFORMS]
    abi = [f"--abi={name}" for name in (f"cp{_FLAT}", "abi3", "none")]
    machine = ["--only-binary=:all:", "--implementation=cp", f"--python-version={VERSION}", *platform, *abi]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *machine, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise NotPackaged(f"pip could not fetch the libraries: {(said or ['no reason given'])[-1]}")


def _resolve(wanted: Iterable[str], *how: str) -> dict[str, str]:
    """Resolve requirements for Lambda's machine; name to a line of a lock file."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        _pip("--dry-run", "--ignore-installed", f"--target={folder}/none", f"--report={report}", *how, *wanted)
        found: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["install"]
    lines = {}
    for one in found:
        name, version = one["metadata"]["name"].lower().replace("_", "-"), one["metadata"]["version"]
        lines[name] = f"{name}=={version} --hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}"
    return lines


def requirements(path: Path) -> list[str]:
    """Return the requirements a file names itself, without comments."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def _write(lock: Path, what: str, lines: Iterable[str]) -> None:
    lock.write_text(f"# {what} Written by `python -m infra.package lock`.\n" + "".join(f"{x}\n" for x in sorted(lines)))


def write_locks() -> None:
    """Resolve all lock files anew."""
    wanted = requirements(ROOT / "requirements.txt")
    own = [one for one in wanted if not one.startswith(tuple(_GIVEN))]
    with tempfile.TemporaryDirectory() as folder:
        tested = Path(folder) / "tested.txt"
        tested.write_text("".join(f"{one.name}=={one.version}\n" for one in distributions()))
        constraint = f"--constraint={tested}"
        functions = _resolve(own, constraint)
        together = _resolve([*own, *requirements(ROOT / "infra" / "requirements-charts.txt")], constraint)
        chalice = _resolve([one for one in wanted if one.startswith("chalice")], constraint, "--no-deps")
    charts = [line for name, line in together.items() if name not in functions]
    _write(FUNCTIONS_LOCK, "What all functions carry.", [*functions.values(), *chalice.values()])
    _write(CHARTS_LOCK, "What only publishing carries, in a layer.", charts)
    _write(RUNTIME_LOCK, "What stands in for Lambda's own folder in tests.", _resolve(_OF_LAMBDA).values())


def install(lock: Path, folder: Path) -> None:
    """Fetch what a lock file names into an empty folder, without what only installers read.

    Raises:
        NotPackaged: if something can't be had.
    """
    _pip("--no-deps", "--require-hashes", "--no-compile", f"--target={folder}", f"--requirement={lock}")
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for noise in (*folder.glob("*.dist-info/*"), *folder.rglob("*.pyi")):
        if noise.name in _NOISE or noise.suffix == ".pyi":
            noise.unlink()
    for tests in [*folder.rglob("tests")]:
        shutil.rmtree(tests)


def compile_folder(folder: Path, place: str) -> None:
    """Compile all modules of a folder for Lambda, whose code folder can't be written: else each cold start compiles.

    The compiled files are believed without a look at dates, which zips lose. Nothing is done without such a Python.

    Args:
        folder: with the modules.
        place: where they will lie, for tracebacks.
    """
    if found := find_python():
        told = ["-q", "--invalidation-mode=unchecked-hash", "-s", str(folder), "-p", place, str(folder)]
        command = [str(found[0]), "-S", "-m", "compileall", *told]
        done = subprocess.run(  # noqa: S603 - our own command
            command, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotPackaged(f"a module can't be compiled: {done.stdout.strip() or done.stderr.strip()}")
