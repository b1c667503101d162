"""What a school costs: prices have a date and a page, the sum is right, and it stays below the limit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from infra.cost import LIMIT, MANY_SCHOOLS, SCHOOLS_AN_ACCOUNT, monthly
from infra.cost.__main__ import main
from infra.cost.clocks import calls_a_week, runs_a_week
from infra.cost.prices import SERVICES, price, prices, read_on
from infra.cost.staff import Staff, busy, happenings
from infra.cost.use import NOT_AWS, counted, gb_seconds, memory, of_one, use_of
from infra.template import read_stack


def clock(expression: str, function: str = "Publish") -> dict[str, Any]:
    told = {"ScheduleExpression": expression, "Target": {"Arn": {"!GetAtt": f"{function}.Arn"}}}
    return {"Type": "AWS::Scheduler::Schedule", "Properties": told}


def stack_of(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {f"R{n}": one for n, one in enumerate(resources)}}


# prices


def test_the_price_list_has_a_date_and_each_price_the_page_it_stands_on() -> None:
    assert date(2025, 8, 1) <= read_on() <= date.today()  # noqa: DTZ011 - a day is near enough
    for name, one in prices().items():
        assert one.usd > 0, name
        assert one.per >= 1, name
        assert one.free >= 0, name
        assert one.what, name
        assert one.page.startswith("aws.amazon.com/"), name
        assert "/pricing" in one.page, name
        assert name.partition("_")[0] in SERVICES


def test_a_use_is_priced_as_by_hand() -> None:
    use = {"lambda_gb_second": 3000, "bucket_put": 4000, "table_write": 10_000, "front_gb": 0.1, "key_request": 500}
    # 3000 x 0.0000166667 + 4 x 0.005 + 0.01 x 0.625 + 0.1 x 0.085 + 0.05 x 0.03
    assert price(use).usd == pytest.approx(0.0500001 + 0.02 + 0.00625 + 0.0085 + 0.0015)
    assert price(use).by_service == pytest.approx(
        {"Lambda": 0.0500001, "S3": 0.02, "CloudFront": 0.0085, "DynamoDB": 0.00625, "KMS": 0.0015}
    )


def test_what_is_free_is_shared_by_the_schools_of_an_account_and_never_pays_back() -> None:
    use = {"lambda_gb_second": 3000.0}
    assert price(use, 1).usd == 0  # 400,000 are free
    assert price(use, 200).usd == pytest.approx((3000 - 2000) * 0.0000166667)
    assert price(use, 10_000).usd == pytest.approx((3000 - 40) * 0.0000166667)
    assert price(use, 1).usd <= price(use, 200).usd <= price(use, 10_000).usd <= price(use).usd


# how often


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("cron(0/10 6-21 ? * MON-FRI *)", 480),
        ("cron(5 0-5,22-23 ? * MON-FRI *)", 40),
        ("cron(5 * ? * SAT,SUN *)", 48),
        ("cron(5 * ? * SAT-SUN *)", 48),
        ("cron(20 2 * * ? *)", 7),
        ("cron(*/15 8-9 ? * 2 *)", 8),
    ],
)
def test_a_clock_is_read_as_it_runs(expression: str, runs: int) -> None:
    assert runs_a_week(expression) == runs


@pytest.mark.parametrize("expression", ["rate(10 minutes)", "cron(0 8 1 * ? *)", "cron(0 8 ? 6 MON *)", "at(2026)"])
def test_a_clock_that_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        runs_a_week(expression)


def test_the_clocks_of_the_template_are_all_read() -> None:
    assert calls_a_week().keys() == {"Publish", "Retain", "Watch"}


def test_happenings_are_counted_as_by_hand() -> None:
    often = happenings(Staff(), stack_of(clock("cron(0/10 6-21 ? * MON-FRI *)"), clock("cron(5 2 * * ? *)", "Retain")))
    assert Staff().wins == pytest.approx(60 * 2 * 40 / 12)
    assert often["win_by_form"] == pytest.approx(400 * 0.65 + 2 * 5 * 2 * 40 / 12)
    assert often["win_by_text"] == pytest.approx(1.5 * 80)
    assert often["win_by_mail"] == pytest.approx(60)
    assert often["retain"] == pytest.approx(7 * 365.25 / 84)
    runs = 480 * 365.25 / 84
    assert often["publish"] + often["publish_idle"] == pytest.approx(runs)
    assert often["publish"] == pytest.approx(busy(120, 480) * 40 / 12 + 365.25 / 12)


def test_wins_share_a_run_as_chance_has_it() -> None:
    assert busy(1, 1000) == pytest.approx(1, rel=0.001)
    assert busy(1000, 10) == pytest.approx(10)
    assert busy(300, 300) == pytest.approx(300 * (1 - 1 / 2.718281828))


# how much


def test_an_invocation_is_weighed_as_by_hand() -> None:
    happening = {"function": "Publish", "cpu_ms": 1000, "calls": {"dynamodb": 10, "s3": 4}}
    assert memory()["Publish"] == 1024
    build = counted()["build"]
    assert 0.4 < build <= 1
    assert gb_seconds(happening) == pytest.approx((build * 1000 * 1769 / 1024 + 10 * 6 + 4 * 25) / 1000)


def test_every_function_of_the_template_has_a_happening_and_its_memory() -> None:
    made = {one["function"] for one in counted()["happenings"].values()}
    assert made == memory().keys()
    assert {"Publish", "Retain", "Watch"} <= made


def test_every_counted_unit_has_a_price_and_every_price_is_used() -> None:
    assert {"pinpoint-sms-voice-v2.SendTextMessage"} == NOT_AWS
    for one in counted()["happenings"].values():
        assert of_one(one).keys() <= prices().keys()
    assert use_of(Staff()).keys() <= prices().keys()
    assert prices().keys() - use_of(Staff()).keys() <= {"metric_request"}  # asked for once a day


def test_more_of_anything_costs_more() -> None:
    usual = price(use_of(Staff())).usd
    for more in (Staff(teachers=90), Staff(wins_a_week=3), Staff(looks_a_week=9), Staff(by_mail=0.5), Staff(years=7)):
        assert price(use_of(more)).usd > usual


@pytest.mark.parametrize("schools", [1, 40, SCHOOLS_AN_ACCOUNT, MANY_SCHOOLS])
def test_a_school_costs_no_more_than_the_limit(schools: int) -> None:
    assert monthly(schools).usd <= LIMIT, str(monthly(schools))


def test_an_empty_queue_that_lambda_asks_all_day_would_cost_more_than_the_school() -> None:
    asked = 5 * 3 * 60 * 24 * 365.25 / 12  # five at once, twenty seconds each
    assert price({"queue_request": asked}).usd > 2 * LIMIT
    waiting = [
        one for one in read_stack()["Resources"].values() if one.get("Type") == "AWS::Lambda::EventSourceMapping"
    ]
    assert not [one for one in waiting if "Queue" in str(one) or "DeadLetters" in str(one)]


def test_the_table_is_printed_with_all_that_it_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    told = capsys.readouterr().out
    assert f"{monthly().usd:.4f}" in told
    for word in ("Lambda", "CloudFront", "10,000", str(read_on()), "publish_idle", "without text messages"):
        assert word in told
    assert str(monthly()).startswith("about 0.")
