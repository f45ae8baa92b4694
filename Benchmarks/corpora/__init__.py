"""Generates server events, live sessions and rules. The same seed gives the same result on every machine."""

import json

from .live import CLIENT_EVERY, write_live_session
from .rules import write_rules
from .sessions import Session
from .vocabulary import Vocabulary

__all__ = ["CLIENT_EVERY", "write_events", "write_live_session", "write_rules"]

# The shares of events with `type` not in first place, as after a proxy, and with escapes for non-ASCII characters.
SHUFFLED = 0.15
ESCAPED = 0.2


def write_events(path, kind, megabytes, seed=42):
    """Writes whole sessions, one event per line, until the file has a size. Kind "A" has audio, "B" has none.

    About five in six bytes of A are base64, and an event has about 1.6 KB. Events of B have about 300 bytes.
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
