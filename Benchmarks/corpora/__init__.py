"""Corpora of server events, of live sessions and of rules, the same for the same seed on every machine."""

import json

from .live import CLIENT_EVERY, write_live_session
from .rules import write_rules
from .sessions import Session
from .vocabulary import Vocabulary

__all__ = ["CLIENT_EVERY", "write_events", "write_live_session", "write_rules"]

# Servers put `type` first; proxies and re-encoders do not. Some write everything beyond ASCII as escapes.
SHUFFLED = 0.15
ESCAPED = 0.2


def write_events(path, kind, megabytes, seed=42):
    """Writes whole sessions, an event a line, until there are as many bytes; kind "A" has audio, "B" has none.

    Of A's bytes about five in six are base64 and an event has some 1.6 KB; B's have some 300 bytes.
    """
    words = Vocabulary(f"{kind} {seed}")
    with open(path, "wb", buffering=1 << 20) as file:

        def emit(type, **fields):
            event = {"type": type, "event_id": words.identifier("event_"), **fields}
            if words.chance(SHUFFLED):
                keys = list(event)
                words.random.shuffle(keys)
                event = {key: event[key] for key in keys}
            text = json.dumps(event, separators=(",", ":"), ensure_ascii=words.chance(ESCAPED))
            file.write(text.encode() + b"\n")

        while file.tell() < megabytes * 1_000_000:
            Session(words, kind == "A", emit).play()
