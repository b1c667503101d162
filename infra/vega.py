"""Bundle Vega for who filters the dashboard: `python -m infra.vega` writes static_site/vega.js.

Nothing of it is kept in git. Vega, Vega-Lite and Vega-Embed come inside vl-convert, whose version is pinned; the same
version draws on the server what is compared with them.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.parent / "static_site" / "vega.js"


def build() -> str:
    """Return one ES module that exports `vegaEmbed`; with its option `ast` it evaluates no text as code."""
    import vl_convert

    return vl_convert.javascript_bundle("export { vegaEmbed };")


def main() -> None:
    """Write the file."""
    text = build()
    FILE.write_text(text, "utf-8")
    print(f"{FILE}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
