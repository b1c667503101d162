"""Every school of a folder: a process each, a few at once, past those that fail; a table of these at the end."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from chalicelib.domain.school_file import SchoolFileProblems
from infra.deploy.failures import NOTHING_DONE, CannotDeploy, sentence_of
from infra.deploy.parameters import Job
from infra.deploy.place import find_place
from infra.deploy.settings import read_deployment
from infra.engine import LOCAL
from infra.schoolfile import read_yaml

LOGS = LOCAL / "deploy"
AT_ONCE = 4
"""CloudFormation takes more, but it and CloudFront slow down who asks much."""


@dataclass(frozen=True)
class Folder:
    """The files of a folder, as they were read before anything is done."""

    jobs: list[Job] = field(default_factory=list)
    left_out: list[Path] = field(default_factory=list)
    """Files without a part `deploy:`, which nobody means to deploy."""
    failed: dict[Path, str] = field(default_factory=dict)
    """Files that can't be deployed as they are, each with the reason."""

    def in_words(self) -> list[str]:
        """Say how many go where, and what is left out."""
        places = Counter(str(job.place) for job in self.jobs)
        lines = [f"{n} of {len(self.jobs) + len(self.failed)} go to {place}" for place, n in places.items()]
        if self.left_out:
            lines.append(f"without a part `deploy:`, and so left out: {_names(self.left_out)}")
        return lines + (as_table(self.failed) if self.failed else [])


def read_folder(folder: Path) -> Folder:
    """Read every school file of a folder, and look where each goes.

    Raises:
        CannotDeploy: if none can be deployed, or two are of the same school.
    """
    found = Folder()
    files = sorted(path for pattern in ("*.yaml", "*.yml") for path in folder.glob(pattern))
    for path in files:
        try:
            raw = read_yaml(path)
            if isinstance(raw, dict) and "deploy" not in raw:
                found.left_out.append(path)
                continue
            school, deployment = read_deployment(path)
            found.jobs.append(Job(path, school, deployment, find_place(deployment)))
        except (SchoolFileProblems, CannotDeploy) as problem:
            found.failed[path] = sentence_of(problem)
    _check_ids(found.jobs)
    if not found.jobs:
        lines = found.in_words() or [f"{folder} holds no school file (*.yaml)."]
        raise CannotDeploy("\n".join([*lines, "Nothing was done."]), NOTHING_DONE)
    return found


def _check_ids(jobs: Sequence[Job]) -> None:
    known: dict[str, Path] = {}
    for job in jobs:
        other = known.setdefault(job.id, job.file)
        if other != job.file:
            same = f"{other} and {job.file} are of the same `school: {job.id}`"
            raise CannotDeploy(f"{same}: give one of them another id. Nothing was done.", NOTHING_DONE)


def run_all(jobs: Sequence[Job], command: Sequence[str], at_once: int) -> dict[Path, str]:
    """Run a command for every school; returns those that failed, each with what it said last.

    The first goes alone, since what it makes the others find made; districts go last, since they read their schools.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    failed: dict[Path, str] = {}
    schools, districts = ([job.file for job in jobs if bool(job.school.district) is kind] for kind in (False, True))
    with tqdm(total=len(jobs), unit="school", file=sys.stderr, disable=None) as bar:
        for some in (schools[:1], schools[1:], districts):
            with ThreadPoolExecutor(max_workers=at_once) as pool:
                running = {pool.submit(_run, path, command): path for path in some}
                for done in as_completed(running):
                    path, said = running[done], done.result()
                    bar.write(f"{'failed ' if said else 'done   '} {path}", file=sys.stdout)
                    bar.update()
                    if said:
                        failed[path] = said
    return failed


def _run(path: Path, command: Sequence[str]) -> str:
    """Run it for one school; nothing, or the last thing it said before it failed."""
    whole = [sys.executable, "-m", "infra.deploy", *command, "--school", str(path), "--yes"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    (LOGS / f"{path.stem}.log").write_text(done.stdout + done.stderr, "utf-8")
    if done.returncode == 0:
        return ""
    said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return said[-1] if said else f"exit code {done.returncode}"


def as_table(failed: dict[Path, str]) -> list[str]:
    """Write what failed, a line a school."""
    width = max(len(path.name) for path in failed)
    return [f"{len(failed)} failed:", *(f"  {path.name:<{width}}  {said}" for path, said in sorted(failed.items()))]


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)
