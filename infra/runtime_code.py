"""The code of a packed function, laid out as Lambda lays it out: the zips unpacked, and what its runtime brings."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.engine import LOCAL, Missing
from infra.package import Package
from infra.package.archive import digest_of
from infra.package.interpreter import RUNTIME, VERSION, find_python
from infra.package.libraries import RUNTIME_LOCK, compile_folder, install

_LAYER = "ChartsLayer"
_PASSED_ON = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "POWERTOOLS_")
"""Of an engine's environment, what Lambda or the harness sets and no template does."""


@dataclass(frozen=True)
class Function:
    """What is run: where the unpacked code is, and what it is told."""

    handler: str
    task: Path
    layer: Path | None
    memory_mb: int
    variables: Mapping[str, str]
    name: str = "function"
    log_format: str = "Text"


def lambda_python() -> Path:
    """Return the Python that functions run on.

    Raises:
        Missing: if this machine has none.
    """
    if found := find_python():
        return found[0]
    raise Missing(f"The functions run on Python {VERSION}, which is not here: install it, as {RUNTIME} or by pyenv.")


def _made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder; the first who asks for it makes it, whole or not at all."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            new = Path(work) / "new"
            make(new)
            with suppress(OSError):  # another process was faster
                new.rename(folder)
    return folder


def runtime_folder() -> Path:
    """Return the stand-in for /var/runtime, fetched once."""

    def fetch(folder: Path) -> None:
        install(RUNTIME_LOCK, folder)
        compile_folder(folder, "/var/runtime")

    return _made_once(LOCAL / "runtime" / digest_of({"lock": RUNTIME_LOCK}), fetch)


def unpack(zipped: Path) -> Path:
    """Unpack a zip as Lambda does, once: nobody writes into it afterwards."""

    def fill(folder: Path) -> None:
        with zipfile.ZipFile(zipped) as archive:
            archive.extractall(folder)

    folder = _made_once(zipped.with_suffix(".unpacked"), fill)
    os.utime(folder)  # what is used is kept
    return folder


def function_of(package: Package, name: str, environment: Mapping[str, str]) -> Function:
    """Unpack a function of a package and give it the variables that its template names, and no others.

    Args:
        package: that was built.
        name: of the function in the template, such as `APIHandler`.
        environment: a school's resources, as an engine made them, and where that engine is.
    """
    template = json.loads(package.template.read_text("utf-8"))
    told = template["Resources"][name]["Properties"]
    variables = {
        variable: value if isinstance(value, str) else environment[variable]
        for variable, value in told.get("Environment", {}).get("Variables", {}).items()
    }
    variables |= {key: value for key, value in environment.items() if key.startswith(_PASSED_ON)}
    layer = unpack(package.charts) if {"Ref": _LAYER} in told.get("Layers", []) else None
    task = unpack(package.functions)
    logs = told.get("LoggingConfig", {}).get("LogFormat", "Text")
    return Function(told["Handler"], task, layer, told["MemorySize"], variables, name, logs)
