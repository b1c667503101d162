"""Scan the templates with checkov (`make stack`): a finding is excused in `excused.yaml` with a reason, or mended."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.engine import LOCAL, ROOT
from infra.package.school import school_template
from infra.template import ACCOUNT

CHECKOV = LOCAL / "checkov" / "bin" / "checkov"
_EXCUSED = ROOT / "infra" / "excused.yaml"

Findings = dict[str, set[str]]
"""The resources that were found wanting, by rule."""


def translated() -> str:
    """Translate the school's template from the code as it stands; nothing is packed."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "app.py", folder)
        ignored = shutil.ignore_patterns("__pycache__", "*.dat")
        shutil.copytree(ROOT / "chalicelib", Path(folder) / "chalicelib", ignore=ignored)
        return school_template(Path(folder))


def excuses() -> Mapping[str, Any]:
    """Read what is excused: `of` which resources, and `why`."""
    read: dict[str, Any] = yaml.safe_load(_EXCUSED.read_text("utf-8"))
    return read


def find(folder: Path) -> Findings:
    """Scan all templates in a folder."""
    told = ["-d", str(folder), "--framework", "cloudformation", "-o", "json", "--compact", "--quiet", "--skip-download"]
    done = subprocess.run([str(CHECKOV), *told], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if not done.stdout.strip():
        sys.exit(f"checkov failed: {done.stderr.strip().splitlines()[-1:]}")
    found: Findings = {}
    for one in json.loads(done.stdout)["results"]["failed_checks"]:
        found.setdefault(one["check_id"], set()).add(one["resource"].rpartition(".")[2])
    return found


def judge(found: Findings, excused: Mapping[str, Any]) -> list[str]:
    """List what is found and not excused, and what is excused and not found."""
    lines = []
    for rule in sorted({*found, *excused}):
        here, there = found.get(rule, set()), set(excused[rule]["of"]) if rule in excused else set()
        lines += [f"{rule}: {name}: not excused" for name in sorted(here - there)]
        lines += [f"{rule}: {name}: excused, and nothing is found" for name in sorted(there - here)]
    return lines


def main() -> int:
    """Scan and judge."""
    if not CHECKOV.exists():
        print("checkov is not here: `make stack` fetches it.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "school.json").write_text(translated(), "utf-8")
        shutil.copy(ACCOUNT, folder)
        found = find(Path(folder))
    lines = judge(found, excuses())
    print("\n".join(lines) or f"{sum(map(len, found.values()))} findings, all excused in infra/excused.yaml")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
