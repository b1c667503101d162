"""`python -m infra.cost`: what a school costs a month, by service, and what drives it."""

from __future__ import annotations

from infra.cost import LIMIT, MANY_SCHOOLS, SCHOOLS_AN_ACCOUNT
from infra.cost.prices import price, read_on
from infra.cost.staff import WEEKS_A_MONTH, Staff, happenings
from infra.cost.use import counted, of_one, use_of

_SCHOOLS = (1, SCHOOLS_AN_ACCOUNT, MANY_SCHOOLS)
_DEAREST = 10


def main() -> None:
    """Print the table."""
    staff = Staff()
    use = use_of(staff)
    costs = [price(use), *(price(use, n) for n in _SCHOOLS)]
    school = f"{staff.teachers} teachers, {staff.wins:.0f} wins a month"
    print(f"US dollars a month and school without text messages; {school};")
    print(f"prices of us-east-1 read on {read_on()}, uses counted on {counted()['counted']}.\n")
    print(_row("", ["nothing free", *(f"free: {n:,}" for n in _SCHOOLS)]))
    for name in costs[0].by_service:
        print(_row(name, [f"{cost.by_service[name]:.4f}" for cost in costs]))
    print(_row("in all", [f"{cost.usd:.4f}" for cost in costs]))
    print("\n“free: n”: n schools share what AWS gives whoever pays for them for nothing, each month and for ever.")
    print(f"Limit up to {MANY_SCHOOLS:,} schools: {LIMIT:.2f}.")
    print(f"A month without a break: {price(use_of(Staff(weeks=WEEKS_A_MONTH))).usd:.4f}.\n")
    print(_row("happening", ["a month", "each", "in all"]))
    for name, n in happenings(staff).items():
        each = price(of_one(counted()["happenings"][name])).usd
        print(_row(name, [f"{n:,.0f}", f"{each:.6f}", f"{n * each:.4f}"]))
    print()
    for line in sorted(costs[0].lines, key=lambda line: -line.usd)[:_DEAREST]:
        print(f"{line.usd:8.4f}  {line.units:12,.1f}  {line.what}")


def _row(name: str, cells: list[str]) -> str:
    return f"{name:14}" + "".join(f"{cell:>14}" for cell in cells)


if __name__ == "__main__":
    main()
