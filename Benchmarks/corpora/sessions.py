"""Generates the events of voice sessions, in the order in which a server sends them."""

import base64
import json

from .vocabulary import FUNCTIONS


class Session:
    """Generates sessions. Calls `emit` with the type and fields of each event."""

    #: The number of transcript deltas for each chunk of audio.
    pieces_per_audio = 5

    def __init__(self, vocabulary, with_audio, emit):
        self.words = vocabulary
        self.random = vocabulary.random
        self.with_audio = with_audio
        self.emit = emit
        self.conversation = vocabulary.identifier("conv_")
        self.previous = None

    def play(self):
        configuration = self.configuration()
        self.emit("session.created", session=configuration)
        if self.words.chance(0.4):
            self.emit("session.updated", session=configuration)
        for _ in range(self.random.randint(3, 12)):
            self.turn()

    def turn(self):
        asked = self.listen()
        response = self.words.identifier("resp_")
        self.emit("response.created", response=self.response(response, "in_progress", [], None))
        item = self.call(response, asked) if self.words.chance(0.3) else self.say(response, asked)
        status = "completed"
        if self.words.chance(0.1):
            status = self.random.choice(["cancelled", "failed", "incomplete"])
        self.emit("response.done", response=self.response(response, status, [item], self.usage()))
        self.emit("rate_limits.updated", rate_limits=self.limits())
        if self.words.chance(0.05):
            self.emit("error", error=self.error())
        self.previous = item["id"]

    def listen(self):
        """The user speaks, and the transcript follows."""
        item = self.words.identifier("item_")
        start = self.random.randrange(1_000_000)
        self.emit("input_audio_buffer.speech_started", audio_start_ms=start, item_id=item)
        stop = start + self.random.randrange(300, 8000)
        self.emit("input_audio_buffer.speech_stopped", audio_end_ms=stop, item_id=item)
        self.emit("input_audio_buffer.committed", previous_item_id=self.previous, item_id=item)
        message = self.message(item, "user", "completed", [{"type": "input_audio", "transcript": None}])
        self.add("conversation.item.added", self.previous, message)
        self.add("conversation.item.done", self.previous, message)
        text = self.words.sentence(4, 30)
        transcription = "conversation.item.input_audio_transcription"
        for start in range(0, len(text), 24):
            piece = text[start : start + 24]
            self.emit(f"{transcription}.delta", item_id=item, content_index=0, delta=piece, obfuscation=self.words.filler())
        self.emit(f"{transcription}.completed", item_id=item, content_index=0, transcript=text, usage=self.heard(text))
        return item

    def say(self, response, asked):
        """The model answers with a transcript delta for every five characters, and with audio."""
        item = self.words.identifier("item_")
        position = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        message = self.message(item, "assistant", "in_progress", [])
        self.emit("response.output_item.added", response_id=response, output_index=0, item=message)
        self.add("conversation.item.added", asked, message)
        self.emit("response.content_part.added", **position, part={"type": "audio", "transcript": ""})
        text = self.words.sentence(20, 220)
        for count, start in enumerate(range(0, len(text), 5)):
            delta = text[start : start + 5]
            self.emit("response.output_audio_transcript.delta", **position, delta=delta, obfuscation=self.words.filler())
            if self.with_audio and count % self.pieces_per_audio == 0:
                self.emit("response.output_audio.delta", **position, delta=self.audio())
        if self.with_audio:
            self.emit("response.output_audio.done", **position)
        self.emit("response.output_audio_transcript.done", **position, transcript=text)
        self.emit("response.content_part.done", **position, part={"type": "audio", "transcript": text})
        message = self.message(item, "assistant", "completed", [{"type": "output_audio", "transcript": text}])
        return self.finish(response, asked, message)

    def call(self, response, asked):
        """The model calls a function. Its arguments come in small deltas."""
        item = {
            "id": self.words.identifier("item_"), "object": "realtime.item", "type": "function_call",
            "status": "in_progress", "name": self.words.function(), "call_id": self.words.identifier("call_", 16),
            "arguments": "",
        }  # fmt: skip
        self.emit("response.output_item.added", response_id=response, output_index=0, item=item)
        self.add("conversation.item.added", asked, item)
        arguments = {"query": self.words.sentence(2, 12), "limit": self.random.randrange(50)}
        text = json.dumps({"city": "Lisbon"} if item["name"] == "get_weather" else arguments)
        position = {"response_id": response, "item_id": item["id"], "output_index": 0, "call_id": item["call_id"]}
        for start in range(0, len(text), 8):
            delta = text[start : start + 8]
            self.emit("response.function_call_arguments.delta", **position, delta=delta, obfuscation=self.words.filler())
        self.emit("response.function_call_arguments.done", **position, name=item["name"], arguments=text)
        return self.finish(response, asked, {**item, "status": "completed", "arguments": text})

    def finish(self, response, previous, item):
        self.emit("response.output_item.done", response_id=response, output_index=0, item=item)
        self.add("conversation.item.done", previous, item)
        return item

    def add(self, type, previous, item):
        self.emit(type, previous_item_id=previous, item=item)

    def audio(self):
        return base64.b64encode(self.random.randbytes(2 * self.random.randint(1536, 6144))).decode()

    def message(self, item, role, status, content):
        return {
            "id": item, "object": "realtime.item", "type": "message", "status": status, "role": role,
            "content": content,
        }  # fmt: skip

    def response(self, response, status, output, usage):
        return {
            "object": "realtime.response", "id": response, "status": status, "status_details": None, "output": output,
            "conversation_id": self.conversation, "output_modalities": ["audio"], "max_output_tokens": "inf",
            "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": self.voice()}},
            "usage": usage,
            "metadata": {"tenant": f"t{self.random.randrange(500)}", "route": self.random.choice("abc")},
        }  # fmt: skip

    def voice(self):
        return self.random.choice(["marin", "cedar", "alloy", "ash", "verse"])

    def usage(self):
        came, went = self.random.randint(200, 9000), self.random.randint(50, 900)
        cached = {"text_tokens": came // 4, "audio_tokens": 0, "image_tokens": 0}
        return {
            "total_tokens": came + went, "input_tokens": came, "output_tokens": went,
            "input_token_details": {
                "text_tokens": came // 2, "audio_tokens": came - came // 2, "image_tokens": 0,
                "cached_tokens": came // 4, "cached_tokens_details": cached,
            },
            "output_token_details": {"text_tokens": went // 4, "audio_tokens": went - went // 4},
        }  # fmt: skip

    def heard(self, text):
        return {
            "type": "tokens", "total_tokens": 40 + len(text), "input_tokens": 40,
            "input_token_details": {"text_tokens": 0, "audio_tokens": 40}, "output_tokens": len(text),
        }  # fmt: skip

    def limits(self):
        return [
            {"name": name, "limit": limit, "remaining": self.random.randrange(limit), "reset_seconds": reset}
            for name, limit, reset in [
                ("requests", 1000, round(self.random.random() * 60, 3)),
                ("tokens", 50000, round(self.random.random(), 3)),
            ]
        ]

    def error(self):
        return {
            "type": self.random.choice(["invalid_request_error", "server_error"]),
            "code": self.random.choice(["invalid_event", "rate_limit_exceeded", None]),
            "message": self.words.sentence(8, 16), "param": None, "event_id": None,
        }  # fmt: skip

    def configuration(self):
        tools = self.random.sample(FUNCTIONS, self.random.randint(2, 5))
        turns = {
            "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200,
            "idle_timeout_ms": None, "create_response": True, "interrupt_response": True,
        }  # fmt: skip
        audio = {"type": "audio/pcm", "rate": 24000}
        transcription = {"model": "gpt-4o-mini-transcribe", "language": None, "prompt": None}
        heard = {"format": audio, "transcription": transcription, "noise_reduction": None, "turn_detection": turns}
        return {
            "type": "realtime", "object": "realtime.session", "id": self.words.identifier("sess_"),
            "model": self.random.choice(["gpt-realtime", "gpt-realtime-mini"]), "output_modalities": ["audio"],
            "instructions": self.words.sentence(80, 250), "tools": [self.tool(name) for name in tools],
            "tool_choice": "auto", "max_output_tokens": "inf", "tracing": None, "prompt": None,
            "expires_at": 1_790_000_000 + self.random.randrange(10_000_000),
            "audio": {"input": heard, "output": {"format": audio, "voice": self.voice(), "speed": 1.0}},
            "include": None,
        }  # fmt: skip

    def tool(self, name):
        properties = {
            "query": {"type": "string", "description": self.words.sentence(6, 10)},
            "limit": {"type": "integer", "minimum": 1, "maximum": 50},
        }
        parameters = {"type": "object", "properties": properties, "required": ["query"], "additionalProperties": False}
        return {
            "type": "function", "name": name, "description": self.words.sentence(20, 30), "parameters": parameters,
        }  # fmt: skip
