"""Routes for who reads stories on the dashboard."""

from __future__ import annotations

import re

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Tried
from chalicelib.routes.http import JSON, answer, answers, body_of, language_of, network_of

stories = Blueprint(__name__)
_WEEK, _STORY = r"\d{4}-W\d{2}", r"[0-9A-HJKMNP-TV-Z]{16}"


@stories.route("/api/stories/{week}/{story_id}/tried", methods=["POST"], content_types=[JSON])
@answers(stories, pages=False)
def try_story(week: str, story_id: str) -> Response:
    """Count "I tried this too", once for each device and story."""
    from chalicelib.work.tried import count_tried

    if not (re.fullmatch(_WEEK, week, re.ASCII) and re.fullmatch(_STORY, story_id)):
        raise Problem("no_such_win")
    tried = parse(Tried, body_of(stories.current_request))
    desk = wiring.desk(language_of(stories.current_request))
    return answer({"n": count_tried(desk, week, story_id, tried, network_of(stories.current_request))})
