"""The Python that Lambda runs, found on this machine: it compiles the package, and tests run the package on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

VERSION = "3.13"
RUNTIME = f"python{VERSION}"
"""Supported by AWS until June 2029: docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html."""


def _candidates() -> Iterator[str]:
    yield sys.executable
    if found := shutil.which(RUNTIME):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{VERSION}*/bin/{RUNTIME}"), reverse=True))


@cache
def find_python() -> tuple[Path, str] | None:
    """Find a Python of Lambda's version, with its full version; None where there is none."""
    ask = "import sys; print(sys.executable, sys.version.split()[0])"
    for candidate in _candidates():
        asked = [candidate, "-I", "-c", ask]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - an interpreter
        if done.returncode == 0:
            path, version = done.stdout.split()
            if version.startswith(f"{VERSION}."):
                return Path(path), version
    return None
