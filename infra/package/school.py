"""The template of a school as CloudFormation takes it: Chalice's functions, our resources, no macro left to run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from infra import template as stack
from infra.engine import ROOT
from infra.package.interpreter import RUNTIME
from infra.package.libraries import NotPackaged

_SAM = "AWS::Serverless::Function"
_HOME = "us-east-1"
"""The translator wants a region; nothing of it stays in what it writes."""


def merged_template(app: Path) -> dict[str, Any]:
    """Let Chalice describe the functions of an app folder, with `stack.yaml` merged in; nothing is packed there.

    Raises:
        NotPackaged: if Chalice can't.
    """
    with tempfile.TemporaryDirectory() as work:
        project = Path(work)
        shutil.copytree(app, project, dirs_exist_ok=True)
        shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("deploy*", "venv"))
        (project / "requirements.txt").write_text("")
        told = ["package", "--stage", "school", "--merge-template", str(ROOT / "infra" / "stack.yaml"), "out"]
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())", *told],
            cwd=project,
            env={**os.environ, "AWS_DEFAULT_REGION": _HOME, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotPackaged(f"chalice package failed: {(done.stderr.strip() or done.stdout).splitlines()[-1]}")
        merged: dict[str, Any] = yaml.safe_load((project / "out" / "sam.yaml").read_text("utf-8"))
        return merged


def place_code(merged: dict[str, Any]) -> dict[str, Any]:
    """Have all functions run Lambda's Python on a zip that parameters name; Chalice names the builder's own of both."""
    placed = deepcopy(merged)
    for resource in placed["Resources"].values():
        if resource.get("Type") == _SAM:
            where = {"Bucket": {"Ref": "ArtifactBucket"}, "Key": {"Ref": "CodeKey"}}
            resource["Properties"] |= {"Runtime": RUNTIME, "CodeUri": where}
    return placed


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """Turn SAM's resources into plain CloudFormation, as AWS's own macro does.

    The defaults of parameters are kept from the translator, which would write them where a school's own value belongs.

    Raises:
        NotPackaged: if the template is wrong.
    """
    import boto3
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    given = deepcopy(template)
    defaults = {name: one.pop("Default") for name, one in given["Parameters"].items() if "Default" in one}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=_HOME))
    try:
        plain: dict[str, Any] = translator.translate(given, {})
    except InvalidDocumentException as wrong:
        causes = "; ".join(cause.message for cause in wrong.causes)
        raise NotPackaged(f"infra/stack.yaml can't be translated: {causes}") from wrong
    for name, default in defaults.items():
        plain["Parameters"][name]["Default"] = default
    return plain


def school_template(app: Path) -> str:
    """Return the template of every school as JSON: the same functions and resources give the same bytes.

    Args:
        app: a folder with `app.py` and `chalicelib`.
    """
    merged = place_code(merged_template(app))
    plain = translate(stack.finish(merged))
    return json.dumps(plain, sort_keys=True, separators=(",", ":")) + "\n"
