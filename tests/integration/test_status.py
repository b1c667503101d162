"""How a school is, as `status` says it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from fakes.admin import Admin


@pytest.mark.parametrize(
    ("spent", "told"),
    [
        ("0.3", "ok  spending $0.30 this month, of $1.00"),
        ("1.2", "NOT spending $1.20 this month, of $1.00"),
        ("0", "spending $0.00 this month, of $1.00: if not done yet, activate the cost allocation tag `small-wins`"),
    ],
)
def test_what_is_spent_is_well_or_not_and_nothing_at_all_is_neither(
    admin: Admin, school_id: str, spent: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = admin.file(school_id)
    assert admin.run("apply", file) == 0
    limit, counted = ({"Unit": "USD", "Amount": amount} for amount in ("1", spent))
    budget: Any = {"BudgetName": f"budget-of-{school_id}", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    budget |= {"BudgetLimit": limit, "CalculatedSpend": {"ActualSpend": counted}}
    boto3.client("budgets", "us-east-1").create_budget(AccountId="123456789012", Budget=budget)
    admin.run("status", file)
    (line,) = (line for line in capsys.readouterr().out.splitlines() if " spending " in line)
    assert " ".join(line.split()).startswith(" ".join(told.split()))
