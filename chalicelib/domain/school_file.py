"""Reading a school file: what a person wrote as YAML becomes a `School`, or a list of what to mend and where."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from chalicelib.domain.school import School


class SchoolFileProblems(Exception):  # noqa: N818 - it carries many
    """All that is wrong with a school file, one line each: `goals[2].signs[0].mode: must be …`."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


_MENDS = {
    "missing": "is needed",
    "extra_forbidden": "is not a known key; check its spelling",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "date_type": "must be a date, such as 2026-11-25",
    "date_from_datetime_parsing": "must be a date, such as 2026-11-25",
    "date_parsing": "must be a date, such as 2026-11-25",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list (lines that start with a dash)",
}


def _mend(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return f"must be {context['expected']}".replace("'", "")
    if kind == "string_pattern_mismatch":
        return _PATTERN_MENDS.get(context["pattern"], "has characters that are not allowed here")
    if kind == "too_short":
        return f"needs at least {context['min_length']}"
    return _MENDS.get(kind) or error["msg"][0].lower() + error["msg"][1:]


_PATTERN_MENDS = {
    r"^[a-z0-9][a-z0-9-]{0,39}$": "must be 1 to 40 small letters, digits or dashes",
    r"^[a-z0-9][a-z0-9-]{2,23}$": "must be 3 to 24 small letters, digits or dashes",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "must be a mail address",
    r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$": "must be a domain, such as maplerow.example",
    r"^[a-z]{2}(-[a-z]+)+-\d$": "must be an AWS region, such as us-east-1",
    r"^\d{12}$": "must be the twelve digits of an AWS account, in quotes",
    r"^\+[1-9][0-9]{6,14}$": 'must be a number with its country, in quotes, such as "+15555550123"',
    r"^arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+$": "must be the ARN of an ACM certificate in us-east-1",
    r"^arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w/-]+$": "must be the ARN of a web ACL for CloudFront",
}


_MOST_GOALS = 20


def _place(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        if step == "[key]":
            continue
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "the file"


def lines_of(caught: ValidationError, part: str = "") -> list[str]:
    """Say what is wrong with a file, or a part of it, a line each: where, and what to mend."""
    errors = caught.errors(include_url=False, include_input=False)
    return [f"{_place((part, *e['loc']) if part else e['loc'])}: {_mend(e)}" for e in errors]


def read_school(raw: object) -> School:
    """Turn the parsed YAML of a school file into a School.

    Raises:
        SchoolFileProblems: with every mistake in the file, not just the first.
    """
    problems: list[str] = []
    school = None
    try:
        school = School.model_validate(raw)
    except ValidationError as caught:
        problems += lines_of(caught)
    problems += [line for line in _references(raw) if line.split(":")[0] not in {p.split(":")[0] for p in problems}]
    if problems or school is None:
        raise SchoolFileProblems(problems)
    return school


def _mappings(raw: object, key: str) -> list[tuple[str, dict[str, Any]]]:
    many = raw.get(key) if isinstance(raw, dict) else None
    return [(f"{key}[{n}]", one) for n, one in enumerate(many or []) if isinstance(one, dict)] if _is_list(many) else []


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _references(raw: object) -> list[str]:
    """Check what one part says of another; works on files whose other parts are broken."""
    lines: list[str] = []
    goals = _mappings(raw, "goals")
    signs = [(f"{at}.{place}", sign) for at, goal in goals for place, sign in _mappings(goal, "signs")]
    named = {"goals": goals, "signs": signs} | {k: _mappings(raw, k) for k in ("practices", "teams", "groups")}
    ids: dict[str, set[Any]] = {}
    for what, entries in named.items():
        ids[what] = set()
        for at, entry in entries:
            if "id" in entry and str(entry["id"]) in ids[what]:
                lines.append(f"{at}.id: {entry['id']} is used twice among {what}")
            ids[what].add(str(entry.get("id")))
        for at, entry in entries:
            target = entry.get("merged_into")
            if target is not None and (str(target) not in ids[what] or target == entry.get("id")):
                lines.append(f"{at}.merged_into: {target} is not another of the {what}")
        lines += _merge_circles(what, entries)
    if len(goals) > _MOST_GOALS:
        lines.append(f"goals: {len(goals)} are too many to keep in mind; {_MOST_GOALS} is the most")
    lines += _link_references(raw, ids)
    lines += _district_references(raw)
    for at, pause in _mappings(raw.get("school_year") if isinstance(raw, dict) else None, "breaks"):
        first, last = pause.get("from"), pause.get("to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            lines.append(f"school_year.{at}.to: must not be before {first}")
    return lines


def _merge_circles(what: str, entries: list[tuple[str, dict[str, Any]]]) -> list[str]:
    target = {str(entry.get("id")): str(entry.get("merged_into")) for _, entry in entries if entry.get("merged_into")}
    lines = []
    for at, entry in entries:
        step, walked = str(entry.get("id")), set()
        while step in target and step not in walked:
            walked.add(step)
            step = target[step]
        if step == str(entry.get("id")) and len(walked) > 1:
            lines.append(f"{at}.merged_into: these {what} are merged in a circle")
    return lines


def _link_references(raw: object, ids: dict[str, set[Any]]) -> list[str]:
    lines: list[str] = []
    codes: set[str] = set()
    for at, link in _mappings(raw, "links"):
        if "code" in link and str(link["code"]) in codes:
            lines.append(f"{at}.code: {link['code']} is used twice among links")
        codes.add(str(link.get("code")))
        lines += [
            f"{at}.{key}: {link[key]} is not among {key}s"
            for key in ("goal", "team")
            if link.get(key) is not None and str(link[key]) not in ids[f"{key}s"]
        ]
    return lines


_NOT_A_DISTRICTS = ("teams", "links", "open_door", "staff", "prompts")


def _district_references(raw: object) -> list[str]:
    """Check that a district's file names each school once, and nothing by which wins would come."""
    told = raw.get("district") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(told, dict):
        return []
    schools = told.get("schools")
    listed = [str(one) for one in schools] if _is_list(schools) and schools else []
    lines = [f"{key}: a district receives no wins; leave it out" for key in _NOT_A_DISTRICTS if raw.get(key)]
    for n, one in enumerate(listed):
        if one in listed[:n]:
            lines.append(f"district.schools[{n}]: {one} is named twice")
        elif one == str(raw.get("school")):
            lines.append(f"district.schools[{n}]: {one} is the district itself")
    return lines
