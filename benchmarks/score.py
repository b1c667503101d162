"""`make score`: how well mails, texts and names are read on real inputs, beside the libraries one could have taken."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

from benchmarks import score_guard, score_mail, score_mime
from benchmarks.inputs import FOLDER, rows
from chalicelib.domain.commands import read_text
from chalicelib.domain.segments import count_segments, is_gsm


def score_texts() -> list[str]:
    """Score what is a win and what a text costs; return the lines of the table."""
    texts = [row["text"] for row in rows("sms/uci_sms_spam_dev.jsonl")]
    said = [read_text(text) for text in texts]
    commands = [one for one in said if one.intent != "win"]
    unchanged = sum(one.words == text for one, text in zip(said, texts, strict=True))
    vectors = json.loads((FOLDER / "sms" / "gsm_segment_vectors_dev.json").read_text("utf-8"))
    right = sum(
        (count_segments(one["text"]), is_gsm(one["text"])) == (one["segments"], one["encoding"] == "GSM-7")
        for one in vectors
    )
    return [
        f"texts that are wins word for word: {unchanged}/{len(texts)}, nothing but a command: {len(commands)}",
        f"segments and alphabets counted right: {right}/{len(vectors)}",
    ]


def main() -> int:
    """Print all tables."""
    logging.disable(logging.CRITICAL)  # some libraries log each part they do not know
    tables: dict[str, Callable[[], list[str]]] = {
        "The sender's own words, and forwarded mails": score_mail.measure,
        "MIME as found in the wild": score_mime.measure,
        "Text messages": score_texts,
        "The guard (a few minutes)": score_guard.measure,
    }
    for title, measure in tables.items():
        print(f"\n{title}", flush=True)
        print("\n".join(measure()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
