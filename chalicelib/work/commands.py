"""What each command of a text does. A message that was seen before does nothing again, but is answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from chalicelib.domain import conversation
from chalicelib.domain.commands import Intent
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.subject import kind_told
from chalicelib.domain.win import Change, Win
from chalicelib.work.amend import taken_back
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
    wording = "text.start" if turn.admitted else "text.join_first"
    if turn.seen is None:
        turn.desk.table.save_contact(turn.agreed("opted_in", wording, stopped=False), turn.source)
    return [turn.say(wording)]


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


def _kind(turn: Turn) -> list[str]:
    kind = turn.said.intent
    return _with_win(turn, {"kind": kind}, lambda _: turn.say(f"text.now.{kind}"))


def _edit(turn: Turn) -> list[str]:
    words = turn.said.words
    if not words:
        return [turn.say("text.edit_how")]
    kind = kind_told(words)
    change = {"story": words, **({"kind": kind} if kind else {})}
    return _with_win(turn, change, lambda win: conversation.edited(win, turn.language))


def _team(turn: Turn) -> list[str]:
    """List the teams, or say whose the win is."""
    if turn.said.words:
        return _of_team(turn, turn.said.words)
    win = _standing(turn)
    return [_nothing(turn)] if win is None else _list(turn, win, conversation.offered_teams(turn.desk.school))


def _of_team(turn: Turn, team: str) -> list[str]:
    name = conversation.name_of(f"teams/{team}", turn.desk.school, turn.language)
    return _with_win(turn, {"team": team}, lambda _: turn.say("text.team", team=name))


def _undo(turn: Turn) -> list[str]:
    win = turn.standing_win()
    if win is None:
        return [_nothing(turn)]
    if turn.seen is None and win.taken_back:
        return [turn.say("text.undone_before")]
    if turn.seen is None:
        win = turn.change(win, taken_back(turn.desk, win))
    return [turn.say("text.undone_copy" if win.withdrawn else "text.undone")]


def _anon(turn: Turn) -> list[str]:
    def answer(win: Win) -> str:
        return turn.say("text.anonymous", url=turn.address(win))

    if turn.seen is not None:
        win = turn.find(turn.seen.win_id) if turn.seen.win_id else None
        return [answer(win)] if win else []
    return _with_win(turn, {"author": {"mode": "anonymous"}}, answer)


def _goal(turn: Turn) -> list[str]:
    """List the goals, or file the win under one."""
    school, win = turn.desk.school, _standing(turn)
    if win is None:
        return [_nothing(turn)]
    goals = conversation.offered_goals(school)
    if turn.said.words:
        return _file_under(turn, win, (turn.said.words,))
    if turn.said.numbers:
        return _chosen(turn, win, goals)
    return _list(turn, win, goals)


def _signs(turn: Turn) -> list[str]:
    """List the signs of the win's goals."""
    win = _standing(turn)
    if win is None:
        return [_nothing(turn)]
    if not win.goals:
        return [turn.say("text.no_goal")]
    return _list(turn, win, conversation.offered_signs(win, turn.desk.school))


def _list(turn: Turn, win: Win, offers: tuple[str, ...]) -> list[str]:
    if not offers:
        return [turn.say("text.no_list")]
    if turn.seen is None:
        turn.change(win, win, offers)
    return [conversation.listed(offers, win, turn.desk.school, turn.language)]


def _tag(turn: Turn) -> list[str]:
    """Add the signs, or file under the goals, whose numbers were listed last."""
    win = _standing(turn)
    if win is None or turn.contact.last is None:
        return [_nothing(turn)]
    if not turn.contact.last.offers:
        return [turn.say("text.no_list" if win.goals else "text.no_goal")]
    return _chosen(turn, win, turn.contact.last.offers)


def _chosen(turn: Turn, win: Win, offers: tuple[str, ...]) -> list[str]:
    numbers = turn.said.numbers
    if min(numbers) < 1 or max(numbers) > len(offers):
        return [turn.say("text.wrong_number", n=len(offers))]
    chosen = [offers[number - 1].partition("/") for number in numbers]
    added = tuple(one for _, _, one in chosen)
    if chosen[0][0] == "goals":
        return _file_under(turn, win, added)
    if chosen[0][0] == "teams":
        return _of_team(turn, added[0])
    signs = tuple(dict.fromkeys((*win.signs, *added)))[:_MOST_TAGS]
    answer = conversation.tagged(added, turn.desk.school, turn.language)
    return _with_win(turn, {"signs": signs}, lambda _: answer)


def _file_under(turn: Turn, win: Win, goals: tuple[str, ...]) -> list[str]:
    """Move a win under other goals; signs of the former ones would bring them back, so they go."""
    signs = tuple(sign for sign in win.signs if turn.desk.school.goal_of(sign) in goals)
    change = {"goals": goals, "signs": signs}
    return _with_win(turn, change, lambda new: conversation.filed(new, turn.desk.school, turn.language))


def _standing(turn: Turn) -> Win | None:
    win = turn.standing_win()
    return None if win is None or win.taken_back else win


def _nothing(turn: Turn) -> str:
    anonymous = turn.desk.school.privacy.default_author == "anonymous"
    return turn.say("text.nothing_anonymous" if anonymous else "text.nothing")


def _with_win(turn: Turn, change: Mapping[str, object], answer: Callable[[Win], str]) -> list[str]:
    """Change the win the conversation is about, unless this message did it before."""
    win = _standing(turn)
    if win is None:
        return [_nothing(turn)]
    if turn.seen is None:
        try:
            win = turn.change(win, parse(Change, json.dumps(change).encode()))
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
    "lesson": _kind,
    "success": _kind,
    "edit": _edit,
    "team": _team,
    "undo": _undo,
    "anon": _anon,
    "goal": _goal,
    "signs": _signs,
    "tag": _tag,
}
