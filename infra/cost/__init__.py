"""What a school costs a month on AWS: counted uses (`uses.yaml`) times dated prices (`prices.yaml`).

Text messages are the carrier's and are not in it, nor is a domain or a firewall that a school asks for.
"""

from __future__ import annotations

from infra.cost.prices import Cost, price
from infra.cost.staff import Staff
from infra.cost.use import use_of

LIMIT = 0.10
"""US dollars a school and month, however many of these share what is free."""
SCHOOLS_AN_ACCOUNT = 200
MANY_SCHOOLS = 10_000


def monthly(schools: int | None = None) -> Cost:
    """Estimate what a usual school costs a month.

    Args:
        schools: that share what an account has free each month; without it nothing is free.
    """
    return price(use_of(Staff()), schools)
