"""Routes for reviewing wins: what waits, and what a leader decides. Browsers get pages, everyone else JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.words import say
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, JSON, answer, answers, body_of, is_form, page, sentence_of
from chalicelib.routes.sessions import is_browser, see_other, signed_in

if TYPE_CHECKING:
    from chalicelib.domain.review import Waiting
    from chalicelib.work.desk import Desk
    from chalicelib.work.sign_in import Session

review = Blueprint(__name__)
_WEEK, _ID, _STORY = r"\d{4}-W\d{2}", r"[0-9A-Z]{26}", r"[0-9A-Z]{16}"


def _asked(name: str, form: str) -> str:
    given = str(dict(review.current_request.query_params or {}).get(name, ""))
    return given if re.fullmatch(form, given, re.ASCII) else ""


@review.route("/api/review", methods=["GET"])
@answers(review)
@signed_in(review, "leader")
def read_queue(desk: Desk, session: Session) -> Response:
    """Show held wins, oldest first; or one win that stands on the dashboard, by its week and story."""
    from chalicelib.work.review import open_one, open_queue

    record, week, story = wiring.front().record, _asked("week", _WEEK), _asked("story", _STORY)
    if week and story:
        return _shown(desk, open_one(desk, record, session, week, story), single=True)
    return _shown(desk, open_queue(desk, record, session, _asked("after", _ID)))


@review.route("/api/review/{win_id}", methods=["POST"], content_types=[JSON, FORM])
@answers(review)
@signed_in(review, "leader")
def review_win(desk: Desk, session: Session, win_id: str) -> Response:
    """Do what a leader decided about a win."""
    from chalicelib.domain.review import Decision
    from chalicelib.doors.review_form import read_decision
    from chalicelib.routes.review_models import as_reviewed
    from chalicelib.work.review import decide

    body, posted = body_of(review.current_request), is_form(review.current_request)
    try:
        decision = parse(Decision, read_decision(body) if posted else body)
        win = decide(desk, session, win_id, decision)
    except Problem as problem:
        if not posted:
            raise
        return _shown_again(desk, session, problem)
    logger.info("reviewed", extra={"action": decision.action, "state": win.state})
    return see_other(f"/api/review?done={decision.action}") if posted else answer(as_reviewed(win))


def _shown_again(desk: Desk, session: Session, problem: Problem) -> Response:
    """Show the queue as it is now, and what stood against the decision."""
    from chalicelib.work.review import open_queue

    told = [sentence_of(problem, desk.language)]
    told += [say(desk.language, f"field.{one.code}", **one.params) for one in problem.fields]
    waiting = open_queue(desk, wiring.front().record, session)
    return _page(desk, waiting, problem=" ".join(told), status=problem.status)


def _shown(desk: Desk, waiting: list[Waiting], *, single: bool = False) -> Response:
    if not is_browser(review.current_request):
        from chalicelib.routes.review_models import as_waiting

        return answer({"wins": [as_waiting(one) for one in waiting]})
    done = _asked("done", "approve|mask|hide|retag|ask")
    return _page(desk, waiting, said=say(desk.language, f"review.done_{done}") if done else "", single=single)


def _page(desk: Desk, waiting: list[Waiting], *, status: int = 200, single: bool = False, **told: str) -> Response:
    from chalicelib.pages.review import write_review
    from chalicelib.work.review import MOST_AT_ONCE

    after = waiting[-1].win.id if len(waiting) == MOST_AT_ONCE and not single else ""
    return page(write_review(desk.labels, desk.language, waiting, after=after, single=single, **told), status)
