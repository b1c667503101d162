"""Zips whose bytes depend on nothing but what is in them, and the room Lambda has for them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

from infra.package.libraries import NotPackaged

ZIPPED_MOST = 50_000_000
UNPACKED_MOST = 250_000_000
"""Of a function with its layers: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_DIGITS = 16


def files_of(folder: Path) -> dict[str, Path]:
    """List the files of a folder by their place in it, sorted."""
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def digest_of(files: dict[str, Path]) -> str:
    """Return a short digest of files, by place and content: the same on each machine, whoever packs them."""
    digest = hashlib.sha256()
    for place, path in sorted(files.items()):
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(f"{len(place)}:{place}".encode() + content)
    return digest.hexdigest()[:_DIGITS]


def write_zip(files: dict[str, Path], zipped: Path) -> None:
    """Pack files in order, with one date and two modes."""
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place, path in sorted(files.items()):
            entry = zipfile.ZipInfo(place, _LONG_AGO)
            entry.create_system = 3
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def unpacked_size(zipped: Path) -> int:
    """Return how many bytes a zip has when it is unpacked."""
    with zipfile.ZipFile(zipped) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def check_room(sizes: dict[str, int]) -> None:
    """Refuse what Lambda would refuse.

    Args:
        sizes: bytes of `functions_zipped`, `functions_unpacked` and the same of `charts`.

    Raises:
        NotPackaged: if something is too large.
    """
    for name in ("functions", "charts"):
        if (size := sizes[f"{name}_zipped"]) > ZIPPED_MOST:
            raise NotPackaged(f"The zip of {name} has {size / 1e6:.1f} MB; Lambda takes {ZIPPED_MOST / 1e6:.0f} MB.")
    together = sizes["functions_unpacked"] + sizes["charts_unpacked"]
    if together > UNPACKED_MOST:
        raise NotPackaged(
            f"Unpacked, functions and charts have {together / 1e6:.1f} MB; Lambda takes {UNPACKED_MOST / 1e6:.0f} MB."
        )
