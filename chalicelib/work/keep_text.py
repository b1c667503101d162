"""A text becomes a win, word for word, together with what is known of its sender, in one step."""

from __future__ import annotations

import json

from chalicelib.domain.calendar import week_of
from chalicelib.domain.contact import LastWin
from chalicelib.domain.conversation import kept, offered_signs
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.parsing import parse
from chalicelib.domain.subject import kind_told
from chalicelib.domain.win import Submission, Win
from chalicelib.work.submit import build_win
from chalicelib.work.turn import Turn


def keep_text(turn: Turn) -> list[str]:
    """Store a text as a win, word for word, and return the answers."""
    text, seen = turn.text, turn.seen
    if not text.body.strip():
        return [turn.say("text.picture" if text.pictures else "text.blank")]
    if seen is None and turn.contact.has_heard(turn.words, turn.desk.now):
        return []
    if seen is not None and seen.content != turn.source.content:
        return [turn.say("text.same_words")]
    try:
        win = turn.find(seen.win_id) if seen else _stored(turn)
    except Problem as problem:
        if problem.code != "fields":
            raise
        too_long = any(one.code == "too_long" for one in problem.fields)
        return [turn.say("text.too_long" if too_long else "text.blank")]
    if win is None or win.taken_back:
        return []
    answers = [kept(win, turn.desk.school, turn.language, turn.address(win))]
    answers += [turn.say("text.picture_left")] if text.pictures else []
    return answers + ([turn.say("text.opt_in")] if turn.is_first else [])


def _stored(turn: Turn) -> Win:
    desk, contact = turn.desk, turn.contact
    told = {"kind": kind_told(turn.text.body) or "success", "story": turn.text.body}
    known = contact.link if contact.link and desk.school.link(contact.link) else None
    submission = parse(Submission, json.dumps({**told, **({"link": known} if known else {})}).encode())
    win = build_win(desk, submission, "text", desk.now)
    if turn.is_first:
        contact = turn.agreed("first_text", "text.opt_in")
    if win.author.mode != "anonymous":
        last = LastWin(win=win.id, day=desk.today, offers=offered_signs(win, desk.school), words=turn.words)
        heard = contact.hearing(turn.words, desk.now)
        contact = contact.model_copy(update={"last": last, "heard": heard, "language": turn.language})
    changed = contact if contact != turn.contact else None
    if desk.table.save_win(win, turn.source, week_of(desk.today), changed) is not None:
        raise WriteConflict  # somebody stored this very message just now; the next try answers with that win
    return win
