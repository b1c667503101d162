"""School files on disk: YAML in, `School` out, with every mistake named.

`python -m infra.schoolfile FILE` checks one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from chalicelib.domain.school import School
from chalicelib.domain.school_file import SchoolFileProblems, read_school

SAMPLE = Path(__file__).parent / "schools" / "sample.yaml"


class _NoRepeats(yaml.SafeLoader):
    """YAML without silent overwriting: a key that stands twice is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str | int) and key in seen:
                line = key_node.start_mark.line + 1
                raise SchoolFileProblems([f"line {line}: {key} stands twice in the same place"])
            seen.add(str(key))
        return super().construct_mapping(node, deep)


def load_school(path: Path) -> School:
    """Read a school file. Its part `deploy:` is for `infra.deploy` alone and no part of the school.

    Raises:
        SchoolFileProblems: if it can't be read, is not YAML, or says something that is not so.
    """
    raw = read_yaml(path)
    if isinstance(raw, dict):
        raw.pop("deploy", None)
    return read_school(raw)


def read_yaml(path: Path) -> Any:
    """Read a YAML file.

    Raises:
        SchoolFileProblems: if it can't be read, or is not YAML.
    """
    try:
        return yaml.load(path.read_text("utf-8"), _NoRepeats)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise SchoolFileProblems([f"{path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise SchoolFileProblems([f"{path}: is not UTF-8 text; save it as UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise SchoolFileProblems([f"{place}: {error.problem}; put texts with : # ? or commas in quotes"]) from None
    except yaml.YAMLError as error:
        raise SchoolFileProblems([f"the file: {error}"]) from None
    except (ValueError, AttributeError, RecursionError):
        raise SchoolFileProblems(
            ["the file: holds a date or value that can't be one; write dates like 2026-11-25"]
        ) from None


def _check_deployment(path: Path) -> None:
    from infra.deploy.settings import deployment_of  # which reads school files itself

    raw = read_yaml(path)
    if "deploy" in raw:
        deployment_of(raw["deploy"])


def main(arguments: list[str] | None = None) -> int:
    """Check the school files that are named; 0 if all are right."""
    paths = arguments if arguments is not None else sys.argv[1:]
    if not paths:
        print("usage: python -m infra.schoolfile FILE...")
        return 2
    wrong = 0
    for path in paths:
        try:
            school = load_school(Path(path))
            _check_deployment(Path(path))
        except SchoolFileProblems as problems:
            wrong += 1
            print(f"{path}: {len(problems.lines)} to mend")
            print("\n".join(f"  {line}" for line in problems.lines))
        else:
            print(f"{path}: {school.name}: {len(school.goals)} goals, {len(school.links)} links. All is well.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
