"""Every school of a folder: a process each, a few at once, past those that fail; a table of these at the end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from infra.engine import LOCAL

LOGS = LOCAL / "deploy"
AT_ONCE = 4
"""CloudFormation takes more, but it and CloudFront slow down who asks much."""


def school_files(folder: Path) -> list[Path]:
    """List the school files of a folder."""
    return sorted(path for pattern in ("*.yaml", "*.yml") for path in folder.glob(pattern))


def run_all(files: Sequence[Path], command: Sequence[str], at_once: int) -> dict[Path, str]:
    """Run a command for every school; returns those that failed, each with what it said last.

    The first goes alone: it also makes what the schools of an account share, and the package.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    failed: dict[Path, str] = {}
    with tqdm(total=len(files), unit="school", file=sys.stderr, disable=None) as bar:
        for some in (files[:1], files[1:]):
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
    lines = [f"  {path.name:<{width}}  {said}" for path, said in sorted(failed.items())]
    return [f"{len(failed)} failed; all they said is in {LOGS}:", *lines]
