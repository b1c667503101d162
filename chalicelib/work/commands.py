"""What each command of a text does. A message that was seen before does nothing again, but is answered alike."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain import conversation
from chalicelib.domain.commands import Intent
from chalicelib.domain.errors import Problem
from chalicelib.domain.win import Author, Change, Win
from chalicelib.work.amend import removed
from chalicelib.work.desk import receipt_address
from chalicelib.work.turn import Turn

_MOST_TAGS = 20


def _stop(turn: Turn) -> list[str]:
    """Opt out at once, with one confirmation."""
    if turn.seen is None:
        if turn.contact.stopped:
            return []
        turn.desk.table.save_contact(turn.agreed("opted_out", "text.stop", stopped=True), turn.source)
    return [turn.say("text.stop")]


def _start(turn: Turn) -> list[str]:
    if turn.seen is None:
        turn.desk.table.save_contact(turn.agreed("opted_in", "text.start", stopped=False), turn.source)
    return [turn.say("text.start" if turn.admitted else "text.join_first")]


def _join(turn: Turn) -> list[str]:
    link = turn.desk.school.link(turn.said.words)
    if link is None:
        return [turn.say("text.no_such_link")]
    if turn.seen is None:
        update = {"stopped": False, "joined": True, "link": link.code}
        turn.desk.table.save_contact(turn.agreed("opted_in", "text.start", **update), turn.source)
    return [turn.say("text.start")]


def _help(turn: Turn) -> list[str]:
    return [turn.say("text.help", url=turn.desk.url)]


def _lesson(turn: Turn) -> list[str]:
    return _with_last(turn, Change(kind="lesson"), lambda _: turn.say("text.now.lesson"))


def _success(turn: Turn) -> list[str]:
    return _with_last(turn, Change(kind="success"), lambda _: turn.say("text.now.success"))


def _edit(turn: Turn) -> list[str]:
    if not turn.said.words:
        return [turn.say("text.edit_how")]
    return _with_last(turn, Change(story=turn.said.words), lambda win: conversation.edited(win, turn.language))


def _team(turn: Turn) -> list[str]:
    school = turn.desk.school
    if not turn.said.words:
        return [conversation.teams(school, turn.language)]
    name = conversation.name_of(f"teams/{turn.said.words}", school, turn.language)
    return _with_last(turn, Change(team=turn.said.words), lambda _: turn.say("text.team", team=name))


def _undo(turn: Turn) -> list[str]:
    win = turn.last_win()
    if win is None:
        return [turn.say("text.nothing")]
    if win.state != "deleted" and turn.seen is None:
        turn.change(win, removed(win), offers=())
    return [turn.say("text.undone")]


def _anon(turn: Turn) -> list[str]:
    if turn.seen is not None:
        win = turn.find(turn.seen.win_id)
        return [turn.say("text.anonymous", url=receipt_address(turn.desk, win))] if win else []
    change = Change(author=Author(mode="anonymous"))
    return _with_last(turn, change, lambda win: turn.say("text.anonymous", url=receipt_address(turn.desk, win)))


def _goal(turn: Turn) -> list[str]:
    """List the goals, or file the win under one."""
    school, win = turn.desk.school, _standing(turn)
    if win is None:
        return [turn.say("text.nothing")]
    goals = conversation.offered_goals(school)
    if turn.said.words:
        return _file_under(turn, win, turn.said.words)
    if turn.said.numbers:
        return _chosen(turn, win, goals)
    if turn.seen is None:
        turn.change(win, win, offers=goals)
    return [conversation.listed(goals, win, school, turn.language)]


def _signs(turn: Turn) -> list[str]:
    """List the signs of the win's goals."""
    win = _standing(turn)
    if win is None:
        return [turn.say("text.nothing")]
    signs = conversation.offered_signs(win, turn.desk.school)
    if not signs:
        return [turn.say("text.no_list")]
    if turn.seen is None:
        turn.change(win, win, offers=signs)
    return [conversation.listed(signs, win, turn.desk.school, turn.language)]


def _tag(turn: Turn) -> list[str]:
    """Add the signs, or file under the goal, whose numbers were listed last."""
    win = _standing(turn)
    if win is None or turn.contact.last is None:
        return [turn.say("text.nothing")]
    return _chosen(turn, win, turn.contact.last.offers)


def _chosen(turn: Turn, win: Win, offers: tuple[str, ...]) -> list[str]:
    numbers = turn.said.numbers
    if not offers:
        return [turn.say("text.no_list")]
    if max(numbers) > len(offers):
        return [turn.say("text.wrong_number", n=len(offers))]
    what, _, first = offers[numbers[0] - 1].partition("/")
    if what == "goals":
        return _file_under(turn, win, first)
    added = [offers[number - 1].partition("/")[2] for number in numbers]
    signs = tuple(dict.fromkeys((*win.signs, *added)))[:_MOST_TAGS]
    answer = conversation.tagged(added, turn.desk.school, turn.language)
    return _with_last(turn, Change(signs=signs), lambda _: answer, offers)


def _file_under(turn: Turn, win: Win, goal: str) -> list[str]:
    """Move a win under another goal; signs of the former one would bring it back, so they go."""
    signs = tuple(sign for sign in win.signs if turn.desk.school.goal_of(sign) == goal)
    change = Change(goals=(goal,), signs=signs)
    return _with_last(turn, change, lambda new: conversation.filed(new, turn.desk.school, turn.language))


def _standing(turn: Turn) -> Win | None:
    win = turn.last_win()
    return None if win is None or win.state == "deleted" else win


def _with_last(
    turn: Turn, change: Change, answer: Callable[[Win], str], offers: tuple[str, ...] | None = None
) -> list[str]:
    """Change the win the conversation is about, unless this message did it before."""
    win = _standing(turn)
    if win is None:
        return [turn.say("text.nothing")]
    if turn.seen is None:
        try:
            win = turn.change(win, change, offers)
        except Problem as problem:
            if problem.code != "fields":
                raise
            return [turn.say("text.too_long")]
    return [answer(win)]


COMMANDS: dict[Intent, Callable[[Turn], list[str]]] = {
    "stop": _stop,
    "start": _start,
    "join": _join,
    "help": _help,
    "lesson": _lesson,
    "success": _success,
    "edit": _edit,
    "team": _team,
    "undo": _undo,
    "anon": _anon,
    "goal": _goal,
    "signs": _signs,
    "tag": _tag,
}
