"""`python -m infra.package` builds the package; `python -m infra.package lock` chooses the libraries' versions anew."""

from __future__ import annotations

import argparse
import sys

from infra.package import FOLDER, NotPackaged, Package, build
from infra.package.archive import UNPACKED_MOST, ZIPPED_MOST
from infra.package.libraries import LOCKS, write_locks


def show(package: Package) -> None:
    """Print how large the package is."""
    sizes = package.sizes
    print(f"\n{'in ' + str(FOLDER.name):34} {'zipped':>9} {'unpacked':>9}")
    for name, path in (("functions", package.functions), ("charts", package.charts)):
        print(f"{path.name:34} {sizes[name + '_zipped'] / 1e6:6.1f} MB {sizes[name + '_unpacked'] / 1e6:6.1f} MB")
    print(f"{'Lambda takes at most':34} {ZIPPED_MOST / 1e6:6.0f} MB {UNPACKED_MOST / 1e6:6.0f} MB together")
    print(f"{package.template.name:34} {sizes['template'] / 1e3:6.1f} kB")
    print(f"{package.site_folder.name:34} {sizes['site'] / 1e6:6.1f} MB in {len(package.site)} files")


def main() -> int:
    """Do what was asked for; 1 with a sentence if it can't be done."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description="Pack the functions of all schools.")
    parser.add_argument("what", nargs="?", choices=["build", "lock"], default="build")
    try:
        if parser.parse_args().what == "build":
            show(build())
            return 0
        print("Choosing versions (a minute or two)")
        write_locks()
        print(*(path.name for path in LOCKS), sep="\n")
    except NotPackaged as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
