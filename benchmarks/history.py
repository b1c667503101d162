"""Publishing one changed week with 1 and with 20 school years of history."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.measure import Row, against, fill, medians, school_running
from chalicelib import wiring
from chalicelib.domain.win import Submission
from chalicelib.work.publish import publish
from chalicelib.work.submit import submit_win

_WINS_A_YEAR = 500
_ROUNDS = 15


def measure() -> list[Row]:
    """Publish after one more win, again and again, in each of two schools."""
    young, old = _one_more_win(1), _one_more_win(20)
    return [against("publish of one changed week: 20 years against 1", old, young, 1.2)]


def _one_more_win(years: int) -> float:
    with school_running():
        fill(_WINS_A_YEAR * years, years)
        _publish()

        def send_and_publish() -> None:
            submit_win(wiring.desk(), Submission(kind="success", story="One more.", link="oak7"), "web")
            _publish()

        return medians(_ROUNDS, send_and_publish)[0]


def _publish() -> None:
    publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
