"""Counts what happened in a recorded session, from its lines alone, for comparison with the router's figures.

    python3 figures.py SESSION.jsonl

The session is a JSON object a line: an event, or an envelope with the time in seconds. Lines that are no JSON objects are passed over.
"""

import base64
import collections
import json
import sys

BETA = {
    f"response.{old}.{end}": f"response.{new}.{end}"
    for old, new in [("audio", "output_audio"), ("audio_transcript", "output_audio_transcript"), ("text", "output_text")]
    for end in ["delta", "done"]
}
OUTPUTS = {
    "response.output_audio.delta": "audio",
    "response.output_text.delta": "text",
    "response.output_audio_transcript.delta": "transcript",
}
MODALITIES = ["text", "audio", "image"]


def events(path):
    """The server's events with their times."""
    for line in open(path, "rb"):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        if "type" not in value and "direction" in value:
            if value["direction"] == "server":
                yield value["event"], value.get("at")
        else:
            yield value, None


def get(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def plain(value):
    return int(value) if value == int(value) else value


def number(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def modalities(usage, direction, total):
    """Tokens by modality; what the server ascribed to none is `unspecified`."""
    parts = {name: number(get(usage, direction, f"{name}_tokens")) for name in MODALITIES}
    parts["unspecified"] = max(0, number(total) - sum(parts.values()))
    return collections.Counter({name: count for name, count in parts.items() if count})


class Session:
    def __init__(self):
        self.types = collections.Counter()
        self.responses = collections.Counter()
        self.reasons = collections.Counter()
        self.errors = collections.Counter()
        self.tokens = {"input": collections.Counter(), "output": collections.Counter()}
        self.cached = 0
        self.transcribed = {"input": collections.Counter(), "output": collections.Counter()}
        self.transcribed_seconds = None
        self.latencies, self.first_tokens, self.durations, self.first_outputs = [], [], [], []
        self.speech = collections.Counter()
        self.speech_starts = {}
        self.bytes_per_second = 48000
        self.functions = set()
        # Turns: the user's items, and which of them were answered.
        self.user_items, self.turn, self.open_turns, self.turns = set(), 0, {}, 0
        self.detected = set()
        # Responses: when each began, what it gave first, and to which turn it belongs.
        self.running = {}
        self.items = {}
        self.current = None

    # What the user says.

    def user_speaks(self, item):
        if item in self.user_items:
            return
        self.user_items.add(item)
        current = self.open_turns.get(self.turn)
        if current is not None and not current["answered"]:
            current["ended"] = None
            return
        self.turn += 1
        self.open_turns[self.turn] = {"ended": None, "answered": False}

    def user_stops(self, at):
        current = self.open_turns.get(self.turn)
        if current is not None and not current["answered"]:
            current["ended"] = at

    # What the assistant says.

    def response(self, key, at=None):
        if key is None:
            return self.running.get(self.current)
        if key not in self.running:
            self.running[key] = {
                "turn": self.turn, "created": at, "first": {}, "spoken": False, "message": False, "done": False, "bytes": {},
            }
            self.current = key
        return self.running[key]

    def output(self, response, kind, at):
        if response is None:
            return
        response["spoken"] = True
        response["first"].setdefault(kind, at)
        turn = self.open_turns.get(response["turn"])
        if turn is not None:
            turn["answered"] = True

    def take(self, event, at):
        kind = event.get("type")
        kind = BETA.get(kind, kind)
        self.types[kind if isinstance(kind, str) and not isinstance(kind, bool) else "other"] += 1
        if kind in ("session.created", "session.updated"):
            self.take_session(event.get("session"))
        elif kind in OUTPUTS:
            response = self.response(event.get("response_id"))
            if not event.get("delta"):
                return
            self.output(response, OUTPUTS[kind], at)
            if kind == "response.output_audio.delta" and response is not None:
                item = response["bytes"]
                item[event.get("item_id")] = item.get(event.get("item_id"), 0) + len(base64.b64decode(event["delta"] + "==="))
        elif kind == "input_audio_buffer.speech_started":
            self.detected.add(event["item_id"])
            self.user_speaks(event["item_id"])
            self.speech_starts[event["item_id"]] = event.get("audio_start_ms")
        elif kind == "input_audio_buffer.speech_stopped":
            self.detected.add(event["item_id"])
            self.user_speaks(event["item_id"])
            self.user_stops(at)
            start, end = self.speech_starts.pop(event["item_id"], None), event.get("audio_end_ms")
            if start is not None and end is not None and end >= start:
                self.speech["user"] += (end - start) / 1000
        elif kind == "input_audio_buffer.committed":
            self.user_speaks(event["item_id"])
            if event["item_id"] not in self.detected:
                self.user_stops(at)
        elif kind in ("conversation.item.added", "conversation.item.created", "conversation.item.done"):
            self.take_item(event.get("item") or {}, at)
        elif kind == "conversation.item.input_audio_transcription.delta":
            self.user_speaks(event["item_id"])
        elif kind == "conversation.item.input_audio_transcription.completed":
            self.user_speaks(event["item_id"])
            self.take_transcription(event.get("usage"))
        elif kind == "conversation.item.input_audio_transcription.failed":
            self.user_speaks(event["item_id"])
            self.errors[get(event, "error", "code") or "transcription"] += 1
        elif kind == "error":
            self.errors[get(event, "error", "code") or "server"] += 1
        elif kind == "response.created":
            response = self.response(get(event, "response", "id"), at)
            response["created"] = at
        elif kind == "output_audio_buffer.started":
            self.output(self.response(event.get("response_id")), "audio_buffer", at)
        elif kind in ("response.output_item.added", "response.output_item.done"):
            response = self.response(event.get("response_id"))
            if get(event, "item", "type") == "message" and response is not None:
                response["message"] = True
        elif kind == "response.done":
            self.finish(event, at)

    def take_session(self, session):
        form = get(session, "audio", "output", "format")
        kind = get(form, "type") or get(session, "output_audio_format")
        if kind in ("audio/pcmu", "audio/pcma", "g711_ulaw", "g711_alaw"):
            self.bytes_per_second = 8000
        elif kind in ("audio/pcm", "pcm16"):
            self.bytes_per_second = 2 * (get(form, "rate") or 24000)

    def take_item(self, item, at):
        if item.get("type") == "message" and item.get("role") == "user" and item.get("id") not in self.user_items:
            self.user_speaks(item["id"])
            self.user_stops(at)

    def take_transcription(self, usage):
        if not isinstance(usage, dict):
            return
        if usage.get("type") == "duration":
            self.transcribed_seconds = (self.transcribed_seconds or 0) + usage["seconds"]
            return
        for direction in ["input", "output"]:
            self.transcribed[direction] += modalities(usage, f"{direction}_token_details", usage.get(f"{direction}_tokens"))

    def finish(self, event, at):
        done = event.get("response") or {}
        response = self.response(done.get("id"))
        if response["done"]:
            return
        response["done"] = True
        status = done.get("status") or "completed"
        self.responses[status] += 1
        details = done.get("status_details")
        reason, code = get(details, "reason"), get(details, "error", "code")
        if reason or code:
            self.reasons[reason or code] += 1
        if status in ("failed", "incomplete"):
            self.errors[code or reason or status] += 1
        usage = next((u for u in (done.get("usage"), event.get("usage")) if isinstance(u, dict) and u), None)
        if usage is not None:
            for direction in ["input", "output"]:
                self.tokens[direction] += modalities(usage, f"{direction}_token_details", usage.get(f"{direction}_tokens"))
            self.cached += number(get(usage, "input_token_details", "cached_tokens"))
        for item in done.get("output") or []:
            if isinstance(item, dict) and item.get("type") == "function_call" and status == "completed":
                self.functions.add(item["call_id"])
        first = response["first"]
        any_output = min((t for t in first.values() if t is not None), default=None)
        if response["created"] is not None and at is not None:
            self.durations.append(at - response["created"])
            if any_output is not None:
                self.first_outputs.append(any_output - response["created"])
        milliseconds = sum(count * 1000 // self.bytes_per_second for count in response["bytes"].values())
        if milliseconds:
            self.speech["assistant"] += milliseconds / 1000
        turn = self.open_turns.get(response["turn"])
        if turn is None or not (response["spoken"] or (response["message"] and status == "completed")):
            return
        del self.open_turns[response["turn"]]
        self.turns += 1
        sound = [first[k] for k in ("audio", "audio_buffer") if first.get(k) is not None]
        heard = min(sound) if sound else first.get("text", first.get("transcript"))
        if turn["ended"] is not None and heard is not None:
            self.latencies.append(heard - turn["ended"])
            self.first_tokens.append(any_output - turn["ended"])
        if self.current == done.get("id"):
            self.current = None

    def figures(self):
        def milliseconds(values):
            return sorted(round(value * 1000) for value in values)

        return {
            "events_by_type": dict(self.types),
            "turns": self.turns,
            "responses": dict(self.responses),
            "response_reasons": dict(self.reasons),
            "errors": dict(self.errors),
            "input": dict(self.tokens["input"]),
            "output": dict(self.tokens["output"]),
            "cached": self.cached,
            "transcription_input": dict(self.transcribed["input"]),
            "transcription_output": dict(self.transcribed["output"]),
            "transcription_seconds": self.transcribed_seconds,
            "speech_seconds": {name: plain(round(value, 3)) for name, value in self.speech.items()},
            "calls": len(self.functions),
            "latency_ms": milliseconds(self.latencies),
            "first_token_ms": milliseconds(self.first_tokens),
            "response_ms": milliseconds(self.durations),
            "first_output_ms": milliseconds(self.first_outputs),
        }


if __name__ == "__main__":
    session = Session()
    for event, at in events(sys.argv[1]):
        session.take(event, at)
    json.dump(session.figures(), sys.stdout)
