"""What a school costs a month on AWS: counted uses (`uses.yaml`) times dated prices (`prices.yaml`).

Text messages are the carrier's and are not in it, nor is a domain or a firewall that a school asks for.
"""

from __future__ import annotations

from chalicelib.domain.school import School
from infra.cost.prices import Cost, price
from infra.cost.staff import Staff
from infra.cost.use import use_of

LIMIT = 0.10
"""US dollars a school and month."""


def monthly(_school: School | None = None) -> Cost:
    """Estimate what a school costs a month; its file does not tell how much is told, so it is taken for a usual one."""
    return price(use_of(Staff()))
