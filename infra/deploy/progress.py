"""What somebody at the terminal sees: a line a step, a bar while AWS works, and whether anything changed."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from tqdm import tqdm


class Progress:
    """The steps of one command."""

    def __init__(self, steps: int, out: TextIO | None = None) -> None:
        self._steps, self._at = steps, 0
        self._out = out or sys.stdout
        self.changes = 0
        self.unfinished: list[str] = []
        """What somebody has to do by hand, a sentence each."""

    def step(self, title: str) -> None:
        """Begin a step."""
        self._at += 1
        self._print(f"{self._at}/{self._steps} {title}")

    def say(self, text: str) -> None:
        """Tell something of the step."""
        self._print(f"    {text}")

    def changed(self, text: str) -> None:
        """Tell what the step changed."""
        self.changes += 1
        self.say(text)

    def later(self, text: str) -> None:
        """Tell what is left for somebody to do by hand; it is told again at the end."""
        self.unfinished.append(text)
        self.say(text)

    def bar(self, total: int, unit: str) -> tqdm[Any]:
        """Show how far AWS is."""
        return tqdm(total=total, unit=unit, file=sys.stderr, disable=None, desc="    ", leave=False)

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)
