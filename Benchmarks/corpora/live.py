"""Generates the messages of a live session in both directions, with their times."""

import base64
import json

from .sessions import Session
from .vocabulary import Vocabulary

#: The bytes of a chunk of audio: 80 ms of PCM at 24 kHz, or 5,120 bytes of base64.
AUDIO = 3840
#: One message in `CLIENT_EVERY` is from the client.
CLIENT_EVERY = 5
#: A placeholder. `Peers/sessions.c` replaces it with the numbers of the session and of the message.
NUMBERS = "00000_00000000"


def write_live_session(path, seconds, rate=50, seed=42):
    """Writes the script of a session for `Peers/sessions.c`. Returns the number of messages and of their bytes.

    One message in five is a chunk of audio from the client. Almost half of the server's messages are audio. Each message
    has its own interval of 1/rate seconds, and is sent at a random time in it. The session begins with a server message.
    """
    words = Vocabulary(f"live {seed}")
    server, client = Talk(words).events(), client_events(words)
    count = size = 0
    with open(path, "w", encoding="utf-8", buffering=1 << 20) as file:
        for slot in range(int(seconds * rate)):
            sender, events = ("client", client) if slot % CLIENT_EVERY == CLIENT_EVERY - 1 else ("server", server)
            moment = int((slot + words.random.random()) / rate * 1e6) if slot else 0
            text = json.dumps(next(events), separators=(",", ":"), ensure_ascii=False)
            file.write(f"{moment} {sender} {text}\n")
            count += 1
            size += len(text.encode())
    return count, size


def client_events(words):
    pieces = [base64.b64encode(words.random.randbytes(AUDIO)).decode() for _ in range(64)]
    while True:
        yield event("input_audio_buffer.append", audio=words.random.choice(pieces))


def event(type, **fields):
    return {"type": type, "event_id": f"event_{NUMBERS}", **fields}


class Talk(Session):
    """An endless session in which the user asks, and the model answers with text and audio."""

    pieces_per_audio = 1

    def __init__(self, words):
        self.emitted = []
        super().__init__(words, True, lambda type, **fields: self.emitted.append(event(type, **fields)))
        self.pieces = [base64.b64encode(self.random.randbytes(AUDIO)).decode() for _ in range(64)]

    def events(self):
        self.emit("session.created", session={**self.configuration(), "id": f"sess_{NUMBERS}"})
        while True:
            yield from self.emitted
            self.emitted.clear()
            self.turn()

    def turn(self):
        asked = self.listen()
        response = self.words.identifier("resp_")
        self.emit("response.created", response=self.response(response, "in_progress", [], None))
        item = self.say(response, asked)
        self.emit("response.done", response=self.response(response, "completed", [item], self.usage()))
        self.emit("rate_limits.updated", rate_limits=self.limits())
        self.previous = item["id"]

    def audio(self):
        return self.random.choice(self.pieces)
