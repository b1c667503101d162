"""Pack all functions once, for every school: `python -m infra.package` fills `.local/package`.

Two zips, one template and the static files, each named by a digest of what is in it. A school is parameters of the
template, never a package of its own. Needs no AWS.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from infra import device_names
from infra.engine import LOCAL, ROOT
from infra.package import school
from infra.package.archive import check_room, digest_of, files_of, unpacked_size, write_zip
from infra.package.interpreter import RUNTIME, find_python
from infra.package.libraries import CHARTS_LOCK, FUNCTIONS_LOCK, NotPackaged, compile_folder, install

__all__ = ["NotPackaged", "Package", "build"]

FOLDER = LOCAL / "package"
_MADE = {"make names": "chalicelib/domain/guard/names.dat", "make vega": "static_site/vega.js"}
_SOURCES = ("app.py", "chalicelib", "static_site", ".chalice/config.json", "infra/package")
_ALSO = ("infra/stack.yaml", "infra/template.py", "infra/device_names.py", "infra/functions.lock", "infra/charts.lock")
_TASK, _LAYER = "/var/task", "/opt/python"
_PARTS = ("package-", "functions-", "charts-", "school-", "site-")
_A_DAY = 86_400

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Package:
    """What is uploaded once and serves every school."""

    functions: Path
    """The zip of all functions."""
    charts: Path
    """The zip of the layer that only publishing has."""
    template: Path
    """CloudFormation of a school; `ArtifactBucket`, `CodeKey` and `ChartsKey` say where the zips are."""
    site_folder: Path
    sizes: dict[str, int]
    """Bytes: `functions_zipped`, `functions_unpacked`, the same of `charts`, `template`, `site`."""
    python: str
    """The Python that compiled it; empty if none was found, then functions start slower."""

    @property
    def site(self) -> dict[str, Path]:
        """The static files, by their place in a school's site bucket."""
        return {f"assets/{place}": path for place, path in files_of(self.site_folder).items()}


def _all_sources() -> dict[str, Path]:
    chosen = [*(ROOT / name for name in _ALSO)]
    for name in _SOURCES:
        path = ROOT / name
        chosen += [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {str(path.relative_to(ROOT)): path for path in chosen if "__pycache__" not in path.parts}


def _source() -> str:
    """Name all that a package is made from."""
    tools = [version("chalice"), version("aws-sam-translator"), str(find_python())]
    return " ".join([digest_of(_all_sources()), *tools])


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process build at a time; another waits and finds it done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _record(source: str) -> Path:
    return FOLDER / f"package-{hashlib.sha256(source.encode()).hexdigest()[:16]}.json"


def _kept(source: str) -> Package | None:
    try:
        found = json.loads(_record(source).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    paths = {name: FOLDER / found[name] for name in ("functions", "charts", "template", "site_folder")}
    if not all(path.exists() for path in paths.values()):
        return None
    for path in (_record(source), *paths.values()):
        os.utime(path)
    return Package(**paths, sizes=found["sizes"], python=found["python"])


def _keep(package: Package, source: str) -> None:
    """Remember a package, and remove those that nobody asked for in a day."""
    for old in FOLDER.iterdir():
        if old.name.startswith(_PARTS) and old.stat().st_mtime < time.time() - _A_DAY:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    told = {name: part.name if isinstance(part, Path) else part for name, part in asdict(package).items()}
    _record(source).write_text(json.dumps(told, indent=1) + "\n")


def _libraries(lock: Path, place: str, progress: Progress) -> Path:
    """Return a folder with the libraries of a lock file, fetched and compiled once."""
    found = find_python()
    made_by = ROOT / "infra" / "package" / "libraries.py"
    digest = digest_of({f"{place} {found[1] if found else ''}": lock, "libraries": made_by})
    folder = FOLDER / "libraries" / f"{lock.stem}-{digest}"
    if folder.exists():
        return folder
    progress(f"Fetching the libraries of {lock.name} for {RUNTIME} (once; a minute)")
    for old in folder.parent.glob(f"{lock.stem}-*"):
        shutil.rmtree(old)
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        new = Path(work) / "new"
        install(lock, new)
        for path in new.glob("chalice/*"):
            if path.name not in {"__init__.py", "app.py"}:  # the rest deploys; it would want libraries of its own
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        compile_folder(new, place)
        new.rename(folder)
    return folder


def _pack(name: str, files: dict[str, Path]) -> Path:
    zipped = FOLDER / f"{name}-{digest_of(files)}.zip"
    if not zipped.exists():
        partly = zipped.with_suffix(".partly")
        write_zip(files, partly)
        partly.rename(zipped)
    return zipped


def _site(work: Path) -> Path:
    """Lay out the static files and what the form knows of names."""
    laid = work / "site"
    shutil.copytree(ROOT / "static_site", laid)
    (laid / device_names.FILE).write_bytes(device_names.build())
    folder = FOLDER / f"site-{digest_of(files_of(laid))}"
    if not folder.exists():
        laid.rename(folder)
    return folder


def build(progress: Progress = print) -> Package:
    """Build the package, or return the one that is there if nothing it is made from has changed.

    Raises:
        NotPackaged: with a sentence, if it can't be built here.
    """
    for command, path in _MADE.items():
        if not (ROOT / path).exists():
            raise NotPackaged(f"{path} is not here yet: run `{command}`, or `make package` for all of it.")
    source = _source()
    with _alone():
        if kept := _kept(source):
            progress("Nothing has changed since the last package.")
            return kept
        package = _build(progress)
        check_room(package.sizes)
        if _source() == source:  # else somebody wrote meanwhile
            _keep(package, source)
        return package


def _build(progress: Progress) -> Package:
    found = find_python()
    if found is None:
        progress(f"No {RUNTIME} on this machine: the functions are packed uncompiled and will start slower.")
    libraries = _libraries(FUNCTIONS_LOCK, _TASK, progress)
    charts = _libraries(CHARTS_LOCK, _LAYER, progress)
    with tempfile.TemporaryDirectory(dir=FOLDER) as work:
        app = Path(work) / "app"
        shutil.copytree(ROOT / "chalicelib", app / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "app.py", app)
        progress("Describing the functions with Chalice, translating to CloudFormation")
        template = Path(work) / "school.json"
        template.write_text(school.school_template(app), "utf-8")
        compile_folder(app, _TASK)
        progress("Packing functions, charts and static files")
        functions_zip = _pack("functions", files_of(libraries) | files_of(app))
        charts_zip = _pack("charts", {f"python/{place}": path for place, path in files_of(charts).items()})
        named = FOLDER / f"school-{digest_of({'school.json': template})}.json"
        template.rename(named)
        site = _site(Path(work))
    sizes = {"template": named.stat().st_size, "site": sum(path.stat().st_size for path in files_of(site).values())}
    for name, zipped in (("functions", functions_zip), ("charts", charts_zip)):
        sizes |= {f"{name}_zipped": zipped.stat().st_size, f"{name}_unpacked": unpacked_size(zipped)}
    return Package(functions_zip, charts_zip, named, site, sizes, found[1] if found else "")
