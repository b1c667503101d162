"""A school's keys: `python -m infra.keys create|rotate|use|show`, for a running `make run` or a school on AWS.

create  make what is missing: the secret keys, and the dashboard's first key pair
rotate  a new receipt key, at once; and a new key pair for the dashboard, which waits until `use`
use     let the pair that waits sign, once CloudFront's key group holds it
show    say what there is; never a secret

What a replaced key signed goes on to work as long as it would have: receipts 400 days, passes 15 minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from chalicelib import wiring
from infra import keyring
from infra.connection import add_school_option, find_school, find_stack_of, run_command


def rotate(parameter: str, now: datetime) -> None:
    """Replace the receipt key, begin to replace the dashboard's pair, and drop what is over.

    Raises:
        SystemExit: if there is nothing to replace.
    """
    keys, pairs = keyring.read_keys(parameter), keyring.read_pairs(parameter)
    if keys is None or not pairs:
        sys.exit("This school has no keys yet: run `python -m infra.keys create`.")
    keyring.write_pairs(parameter, [keyring.registered(keyring.new_pair(), parameter)], keyring.NEXT)
    keyring.write_pairs(parameter, keyring.believed(pairs, now))
    keyring.write(parameter, keyring.without_old_receipt_keys(keyring.with_new_receipt_key(keys, now), now))


def use(parameter: str, now: datetime) -> None:
    """Let the waiting pair sign.

    Raises:
        SystemExit: if none waits.
    """
    waiting = keyring.read_pairs(parameter, keyring.NEXT)
    if not waiting:
        sys.exit("No key pair waits: `python -m infra.keys rotate` makes one.")
    keyring.write_pairs(
        parameter, keyring.with_pair_in_use(keyring.believed(keyring.read_pairs(parameter), now), waiting[0], now)
    )
    keyring.write_pairs(parameter, [], keyring.NEXT)


def show(parameter: str, now: datetime) -> None:
    """Say which keys there are, since when, and what CloudFront's key group must hold."""
    keys = keyring.read_keys(parameter) or {}
    for name, listed in sorted(keys.items()):
        if name != keyring.SINCE:
            print(f"{name}: {len(listed)}")
    for since in keys.get(keyring.SINCE, []):
        print(f"  a receipt key that signs since {since or 'the beginning'}; what it signed works for 400 days")
    print("CloudFront's key group must hold:")
    for pair in keyring.believed(keyring.read_pairs(parameter), now):
        print(f"  {pair.id}, {f'replaced; until {pair.until}' if pair.until else f'signs since {pair.since}'}")
    for pair in keyring.read_pairs(parameter, keyring.NEXT):
        print(f"  {pair.id}, waits; once the key group holds it: python -m infra.keys use\n{pair.public}", end="")


def _check_key_group(file: str | Path | None) -> None:
    """Refuse to let a pair sign on AWS that the school's key group does not hold: nobody would see the dashboard.

    Raises:
        SystemExit: with what to do first.
    """
    waiting = keyring.read_pairs(wiring.settings().keys_parameter, keyring.NEXT)
    if file and waiting and waiting[0].id not in find_stack_of(Path(file))["Parameters"].values():
        sys.exit("CloudFront's key group does not hold the new pair yet: run `python -m infra.deploy apply` first.")


def main() -> int:
    """Do what is asked and say what there is then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["create", "rotate", "use", "show"])
    add_school_option(parser)
    given = parser.parse_args()
    what = given.what
    print(find_school(given.school))
    if what == "use":
        _check_key_group(given.school or os.environ.get("SCHOOL"))
    parameter, now = wiring.settings().keys_parameter, datetime.now(UTC)
    if what != "show":
        {"create": keyring.create, "rotate": rotate, "use": use}[what](parameter, now)
    show(parameter, now)
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
