"""Where the real inputs are that scores are counted on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("SMALL_WINS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def rows(name: str) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line, such as `email/reply_cases_dev.jsonl`.

    Raises:
        SystemExit: if the inputs are not here.
    """
    path = FOLDER / name
    if not path.is_file():
        raise SystemExit(f"The real inputs are not here: set SMALL_WINS_DATA to their folder (looked for {path}).")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
