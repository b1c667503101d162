"""The data schedule: `python -m infra.schedule` prints what is kept of anybody, as docs/privacy.md has it.

What is kept is read from the code: fields of models with their docstrings, items of the table, resources of the stack,
cookies, log lines. Why, who sees it, how long and how it is erased stands in `schedule.yaml`; neither may say more than
the other. `--write` puts it between the marks of docs/privacy.md.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, NamedTuple

import yaml

from infra.kept import READERS, ROOT, Kept

PAGE = ROOT / "docs" / "privacy.md"
BEGIN, END = "<!-- schedule: python -m infra.schedule --write -->\n", "<!-- end of the schedule -->\n"
_ASKED = ("who", "kept", "erased")
_COLUMNS = ("field", "what", "why", *_ASKED)


class Told(NamedTuple):
    """What the schedule says of one field."""

    why: str
    who: str
    kept: str
    erased: str
    what: str = ""


def read_schedule() -> dict[str, Any]:
    """Read `schedule.yaml`."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "schedule.yaml").read_text("utf-8"))
    return found


def problems(schedule: dict[str, Any]) -> list[str]:
    """List what is kept and not told, told and not kept, and told in words that are not explained."""
    lines = []
    for thing in schedule["things"]:
        kept, told = kept_of(thing), thing["fields"]
        lines += [f"{thing['title']}: {name} is kept and not told" for name in kept if name not in told]
        lines += [f"{thing['title']}: {name} is told and not kept" for name in told if name not in kept]
        for name, row in told.items():
            one = Told(*row)
            lines += [
                f"{thing['title']}: {name}: {asked}?" for asked in _ASKED if getattr(one, asked) not in schedule[asked]
            ]
            lines += [] if one.what or kept.get(name) else [f"{thing['title']}: {name}: what is it?"]
    return lines


def kept_of(thing: dict[str, Any]) -> Kept:
    """Read from the code what a thing keeps."""
    (reads,) = [name for name in READERS if name in thing]
    return READERS[reads](thing[reads])


def markdown(schedule: dict[str, Any]) -> str:
    """Write the schedule as it stands in docs/privacy.md."""
    lines: list[str] = []
    for thing in schedule["things"]:
        kept = kept_of(thing)
        lines += [f"### {thing['title']}", "", f"{thing['where'][0].upper()}{thing['where'][1:]}.", ""]
        lines += [f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|"]
        for name, row in thing["fields"].items():
            one = Told(*row)
            what = one.what or kept.get(name, "")
            lines.append(f"| `{name}` | {what} | {one.why} | {one.who} | {one.kept} | {one.erased} |")
        lines.append("")
    for asked, title in (("who", "Who sees it"), ("kept", "How long it is kept"), ("erased", "How it is erased")):
        lines += [f"### {title}: the words", "", "| word | means |", "|---|---|"]
        lines += [f"| {word} | {means} |" for word, means in schedule[asked].items()]
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Print the schedule, or write it."""
    parser = argparse.ArgumentParser(prog="python -m infra.schedule", description="The data schedule.")
    parser.add_argument("--write", action="store_true", help="put it into docs/privacy.md")
    write, schedule = parser.parse_args().write, read_schedule()
    if wrong := problems(schedule):
        sys.exit("\n".join(wrong))
    if write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + "\n" + markdown(schedule) + "\n" + END + rest.partition(END)[2], "utf-8")
    else:
        print(markdown(schedule), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
