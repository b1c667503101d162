"""A submission becomes a win, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import week_of
from chalicelib.domain.errors import FieldProblem, Problem, WriteConflict
from chalicelib.domain.retention import expires_on
from chalicelib.domain.school import AuthorMode, Link, Practice, School
from chalicelib.domain.win import Author, Channel, Submission, TaggedBy, Told, Win, is_blank
from chalicelib.work.desk import Desk, Receipt, receipt_for
from chalicelib.work.holding import held_on_arrival
from chalicelib.work.ids import new_id
from chalicelib.work.secrets import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.ports import Seen, Source


_CAME_LATER = ("helped", "hindered", "resolves", "quotable")
"""Fields that submissions did not have before: where they say nothing, an old message is still the same message."""


def submit_win(desk: Desk, submission: Submission, channel: Channel, arrived: datetime | None = None) -> Receipt:
    """Store a submission as a win and return its receipt; the same message again returns the same win's.

    Args:
        desk: where it is dealt with.
        submission: what was sent; `nonce` names the message among those of its channel.
        channel: the door it came through.
        arrived: when it arrived, if not now (a file of older stories).

    Raises:
        Problem: `fields` (unknown ids, future date, missing link), `nonce_reused`, `removed`, `withdrawn`, `busy`;
            `no_wins_here` of a district.
    """
    win = build_win(desk, submission, channel, arrived or desk.now)
    if not submission.nonce:
        desk.table.save_win(win, None, week_of(desk.today))
        return receipt_for(desk, win)
    source = _source(desk, submission, channel)
    try:
        seen = desk.table.save_win(win, source, week_of(desk.today))
    except WriteConflict:
        raise Problem("busy") from None
    if seen is not None and seen.content != source.content:
        raise Problem("nonce_reused")
    return receipt_for(desk, win if seen is None else earlier_win(desk, seen))


def submit_wins(
    desk: Desk, many: Sequence[tuple[Submission, datetime]], channel: Channel
) -> list[tuple[Win, bool] | Problem]:
    """Store many submissions, each with its time of arrival and a nonce, in fewer steps.

    Returns:
        For each in turn the win and whether it is new, or what is wrong with it; the others are stored all the same.
    """
    results: dict[int, tuple[Win, bool] | Problem] = {}
    batch: dict[int, tuple[Win, Source]] = {}
    for n, (submission, arrived) in enumerate(many):
        try:
            win = build_win(desk, submission, channel, arrived)
        except Problem as problem:
            results[n] = problem
        else:
            batch[n] = win, _source(desk, submission, channel)
    for n, seen in zip(batch, desk.table.save_wins(list(batch.values()), week_of(desk.today)), strict=True):
        win, source = batch[n]
        repeated = seen is not None and seen.content != source.content
        results[n] = Problem("nonce_reused") if repeated else (win, seen is None)
    return [results[n] for n in range(len(many))]


def _source(desk: Desk, submission: Submission, channel: Channel) -> Source:
    kept = submission.model_copy(update={"author": submission.author.kept() if submission.author else None})
    later = {name for name in _CAME_LATER if not getattr(kept, name)}
    content = kept.model_dump_json(exclude={"nonce", "website", *later}).encode()
    return source_of(desk.keys, channel, submission.nonce or "", content)


def earlier_win(desk: Desk, seen: Seen) -> Win:
    """Fetch the win that a message became when it came before.

    Raises:
        Problem: `removed`.
    """
    earlier = desk.find(seen.win_id)
    if earlier is None or earlier.taken_back:
        raise Problem("withdrawn" if earlier and earlier.withdrawn else "removed")
    return earlier


def build_win(desk: Desk, submission: Submission, channel: Channel, arrived: datetime) -> Win:
    """Read a submission against the school file; stores nothing.

    A spreadsheet is loaded by somebody who holds the keys to the table, and texts and mails are admitted by their
    sender, so these need no link.

    Raises:
        Problem: `fields`; `no_wins_here` of a district.
    """
    school = desk.school
    if school.district is not None:
        raise Problem("no_wins_here")
    link = school.link(submission.link) if submission.link else None
    may_enter = school.open_door or channel != "web"
    problems = [*_link_problems(submission, link, may_enter=may_enter), *told_problems(school, submission, desk.today)]
    if problems:
        raise Problem("fields", tuple(problems))
    author = (submission.author or Author.model_construct(mode=_default_mode(school), name=None)).kept()
    win_id = new_id(arrived, school.zone, to_the_day=author.mode == "anonymous")
    day = arrived.astimezone(school.zone).date()
    fields, tagged_by = _filled_in(school, submission, link)
    told = submission.model_dump(exclude={"link", "nonce", "website", "author", "goals", "team", "practices"})
    win = Win(
        **told,
        **fields,
        practices=submission.practices,
        id=win_id,
        week=week_of(day),
        day=day,
        author=author,
        channel=channel,
        link=link.code if link and not is_tie(channel, author) else None,
        tagged_by=tagged_by,
        school_version=desk.version,
        expires=expires_on(school.privacy, day),
    )
    return held_on_arrival(desk, win, robot=bool(submission.website and not is_blank(submission.website)))


def is_tie(channel: Channel, author: Author) -> bool:
    """Whether a win's link could tell whose it is: a phone that joined by it is known by the same link."""
    return channel == "text" and author.mode == "anonymous"


def _default_mode(school: School) -> AuthorMode:
    """Without a name nobody can be named."""
    mode = school.privacy.default_author
    return "confidential" if mode == "named" else mode


def _link_problems(submission: Submission, link: Link | None, *, may_enter: bool) -> Iterator[FieldProblem]:
    if submission.link and link is None:
        yield FieldProblem("link", "unknown_link")
    elif not submission.link and not may_enter:
        yield FieldProblem("link", "link_needed")


def _filled_in(
    school: School, submission: Submission, link: Link | None
) -> tuple[dict[str, object], dict[str, TaggedBy]]:
    """Add what the link and the chosen signs imply, and say where each of it came from.

    A link fills in what was not mentioned; who says "no team" means it.
    """
    goals, tagged_by = with_goals_of_signs(school, submission.goals, submission.signs)
    team = submission.team
    told = submission.model_fields_set
    if link and link.goal and not goals and "goals" not in told:
        goals = (link.goal,)
        tagged_by[f"goals/{link.goal}"] = "link"
    if link and link.team and "team" not in told:
        team = link.team
        tagged_by[f"team/{team}"] = "link"
    return {"goals": goals, "team": team}, tagged_by


def with_goals_of_signs(
    school: School, goals: tuple[str, ...], signs: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, TaggedBy]]:
    """Add the goals under which signs stand, and name those that were added."""
    implied = dict.fromkeys(goal for sign in signs if (goal := school.goal_of(sign)) and goal not in goals)
    return (*goals, *implied), {f"goals/{goal}": "sign" for goal in implied}


def told_problems(school: School, told: Told, today: date) -> Iterator[FieldProblem]:
    """List what a school's file and calendar have against what was told. Retired ids are fine: posters live long."""
    for what in ("goals", "signs", "groups"):
        for n, one in enumerate(getattr(told, what)):
            if school.find(what, one) is None:
                yield FieldProblem(f"{what}[{n}]", f"unknown_{what[:-1]}", {"given": one})
    for n, use in enumerate(told.practices):
        practice = school.find("practices", use.id)
        if not isinstance(practice, Practice):
            yield FieldProblem(f"practices[{n}].id", "unknown_practice", {"given": use.id})
        elif use.level and use.level not in practice.variations:
            known = ", ".join(practice.variations)
            yield FieldProblem(f"practices[{n}].level", "unknown_level", {"given": use.level, "expected": known})
    if told.team and school.find("teams", told.team) is None:
        yield FieldProblem("team", "unknown_team", {"given": told.team})
    if told.occurred_on and told.occurred_on > today:
        yield FieldProblem("occurred_on", "in_future")
