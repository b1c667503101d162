"""Plain lines as a mail program writes them: quoted with `>`, one empty line at most, Outlook's rule, `-- `."""

from __future__ import annotations

import re

DEEPEST_QUOTE = 20
_RULE = "_" * 32
"""What Outlook writes above the mail it answers."""
_SIGNATURE = "--"
_SPACES = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u200b\u2060\ufeff]")


class Lines:
    """Collects lines; `depth` says how deep what is added now is quoted."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._start = ""
        self._gap = False
        self._last_depth = 0
        self.depth = 0

    def add(self, text: str) -> None:
        """Add to the line."""
        self._line.append(text)

    def end(self, *, keeps_spaces: bool = False, even_empty: bool = False) -> None:
        """End the line, if there is one."""
        if not self._line and not even_empty:
            return
        line, self._line = "".join(self._line), []
        line = line if keeps_spaces else _SPACES.sub(" ", line)
        shown = _INVISIBLE.sub("", line)
        if shown.strip():
            self._put(shown.replace("\u00a0", " "), keeps_spaces=keeps_spaces)
        else:
            self._gap |= "\u00a0" in line or shown != line or even_empty

    def gap(self) -> None:
        """Leave an empty line before whatever comes."""
        self._gap = True

    def bullet(self) -> None:
        """Begin a point of a list."""
        self._start = "- "

    def rule(self) -> None:
        """Draw Outlook's line, unless it is there already."""
        if not self._done or not self._done[-1].endswith(_RULE):
            self._put(_RULE)

    def _put(self, line: str, *, keeps_spaces: bool = False) -> None:
        line = line.rstrip() if keeps_spaces else line.strip()
        if self._gap and self._done:
            self._done.append(">" * min(self.depth, self._last_depth))
        line = self._start + ("-- " if line == _SIGNATURE else line)
        self._gap, self._last_depth, self._start = False, self.depth, ""
        self._done.append(f"{'>' * self.depth} {line}" if self.depth else line)

    def text(self) -> str:
        """Return all lines."""
        self.end()
        return "\n".join(self._done)
