"""A server that behaves like the Realtime API, and a client that checks all that it is sent."""
import asyncio, copy, json
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import TypeAdapter
from websockets import ConnectionClosed
from .peers import Fault, wait_until

CLIENT_EVENT, SERVER_EVENT = TypeAdapter(RealtimeClientEvent), TypeAdapter(RealtimeServerEvent)
OWN = "get_order"

def new_session():
    detection = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200, "idle_timeout_ms": None,
                 "create_response": True, "interrupt_response": True}
    pcm = {"type": "audio/pcm", "rate": 24000}
    return {"type": "realtime", "object": "realtime.session", "id": "sess_1", "model": "gpt-realtime", "output_modalities": ["audio"],
            "instructions": "", "tools": [], "tool_choice": "auto", "max_output_tokens": "inf", "tracing": None, "truncation": "auto",
            "prompt": None, "include": None, "audio": {
                "input": {"format": pcm, "transcription": None, "noise_reduction": None, "turn_detection": detection},
                "output": {"format": pcm, "voice": "alloy", "speed": 1.0}}}

def merge(settings, update):
    for name, value in update.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict): merge(settings[name], value)
        else: settings[name] = copy.deepcopy(value)

def say(text): return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
def call(name, **arguments): return {"type": "function_call", "name": name, "arguments": json.dumps(arguments)}
def user(text): return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
def tool(name): return {"type": "function", "name": name, "description": name, "parameters": {"type": "object", "properties": {}}}

class Api:
    """A session of the API. It gives its responses one after the other; each is a list of items, and may be held before its end.

    `late` is how many seconds it takes for its first event, and then for what came meanwhile, `slow` how many an
    update takes. `hidden` has the ids of calls of the router's function, of their items, and of the items of their outputs.
    """

    def __init__(self, *responses, late=0, slow=0, refuses_own=False):
        self.responses, self.late, self.slow, self.refuses_own = list(responses), late, slow, refuses_own
        self.session, self.events, self.errors, self.hidden = new_session(), [], [], set()
        self.last_item, self.active, self.calls, self.numbers = None, None, {}, {}
        self.holds, self.tasks = {}, []

    def number(self, name):
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return f"{name}_{self.numbers[name]}"

    def of_type(self, type): return [event for event in self.events if event["type"] == type]
    def outputs(self): return [(event["item"]["call_id"], event["item"]["output"]) for event in self.of_type("conversation.item.create")
                               if event["item"]["type"] == "function_call_output"]
    def tools(self): return sorted(tool["name"] for tool in self.session["tools"])
    def knows(self, *names): return lambda: self.tools() == sorted(names)

    def hold(self, index):
        """Holds a response before its end; returns what lets it go on."""
        self.holds[index] = asyncio.Event()
        return self.holds[index]

    async def play(self, socket):
        self.socket = socket
        if self.late: await asyncio.sleep(self.late)
        await self.send("session.created", session=self.session)
        if self.late: await asyncio.sleep(self.late)
        try:
            while True: await self.take(await socket.recv())
        except ConnectionClosed: pass
        for task in self.tasks: task.cancel()

    async def send(self, type, **fields):
        event = {"type": type, "event_id": self.number("event"), **fields}
        SERVER_EVENT.validate_python(event)
        await self.socket.send(json.dumps(event))

    async def refuse(self, event, code, message, param=None):
        self.errors.append(message)
        await self.send("error", error={"type": "invalid_request_error", "code": code, "message": message, "param": param,
                                        "event_id": event.get("event_id")})

    async def take(self, message):
        CLIENT_EVENT.validate_json(message, strict=True)
        event = json.loads(message)
        self.events.append(event)
        match event["type"]:
            case "session.update": await self.update(event)
            case "conversation.item.create": await self.create_item(event)
            case "response.create": await self.create_response(event)

    async def update(self, event):
        await asyncio.sleep(self.slow)
        if self.refuses_own and event.get("event_id", "").startswith("rr"):
            return await self.refuse(event, "invalid_value", "Invalid value", "session.tools")
        merge(self.session, event["session"])
        await self.send("session.updated", session=self.session)

    async def create_item(self, event):
        item = {"id": self.number("item"), "object": "realtime.item", "status": "completed", **event["item"]}
        if item["type"] == "function_call_output":
            if item["call_id"] not in self.calls:
                return await self.refuse(event, "invalid_tool_call_id", f"Tool call ID '{item['call_id']}' not found in conversation.")
            if self.calls[item["call_id"]] == OWN: self.hidden.add(item["id"])
        await self.add_item(item)
        await self.send("conversation.item.done", previous_item_id=self.previous, item=item)

    async def add_item(self, item):
        self.previous, self.last_item = self.last_item, item["id"]
        await self.send("conversation.item.added", previous_item_id=self.previous, item=item)

    async def create_response(self, event):
        if self.active: return await self.refuse(event, "conversation_already_has_active_response",
                                                 "Conversation already has an active response in progress: resp_1.")
        self.active = self.number("resp")
        self.tasks.append(asyncio.create_task(self.respond(self.active, len(self.tasks))))

    async def respond(self, id, index):
        response = {"object": "realtime.response", "id": id, "conversation_id": "conv_1", "output_modalities": ["text"], "output": []}
        await self.send("response.created", response={**response, "status": "in_progress"})
        output = []
        for place, item in enumerate(self.responses.pop(0) if self.responses else [say("That is all.")]):
            output.append({"id": self.number("item"), "object": "realtime.item", "status": "completed", **item})
            if item["type"] == "function_call": self.note_call(output[-1])
            await self.speak({"response_id": id, "output_index": place}, output[-1])
        if index in self.holds: await self.holds[index].wait()
        self.active = None
        usage = {"total_tokens": 12, "input_tokens": 7, "output_tokens": 5}
        await self.send("response.done", response={**response, "status": "completed", "output": output, "usage": usage})
        await self.send("rate_limits.updated", rate_limits=[{"name": "requests", "limit": 10, "remaining": 9, "reset_seconds": 1.0}])

    def note_call(self, item):
        item["call_id"] = self.number("call")
        self.calls[item["call_id"]] = item["name"]
        if item["name"] == OWN: self.hidden |= {item["id"], item["call_id"]}
        if item["name"] not in self.tools(): self.errors.append(f"the model called `{item['name']}` and knows {self.tools()}")

    async def speak(self, place, item):
        begun = {**item, "status": "in_progress", **({"arguments": ""} if item["type"] == "function_call" else {"content": []})}
        await self.send("response.output_item.added", item=begun, **place)
        await self.add_item(begun)
        previous, here = self.previous, {**place, "item_id": item["id"]}
        if item["type"] == "function_call":
            here["call_id"] = item["call_id"]
            await self.send("response.function_call_arguments.delta", delta=item["arguments"], **here)
            await self.send("response.function_call_arguments.done", arguments=item["arguments"], name=item["name"], **here)
        else:
            here["content_index"], text = 0, item["content"][0]["text"]
            await self.send("response.output_text.delta", delta=text, **here)
            await self.send("response.output_text.done", text=text, **here)
        await self.send("response.output_item.done", item=item, **place)
        await self.send("conversation.item.done", previous_item_id=previous, item=item)

class Agent:
    """A client of the API by hand: it validates every event, and keeps them."""

    def __init__(self, socket):
        self.socket, self.events = socket, []
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        try:
            while True:
                message = await self.socket.recv()
                SERVER_EVENT.validate_json(message, strict=True)
                self.events.append(json.loads(message))
        except ConnectionClosed: pass

    async def send(self, type, **fields): await self.socket.send(json.dumps({"type": type, **fields}))
    async def update(self, **session): await self.send("session.update", session={"type": "realtime", **session})

    async def ask(self, text):
        await self.send("conversation.item.create", item=user(text))
        await self.send("response.create")

    def of_type(self, type): return [event for event in self.events if event["type"] == type]

    async def wait(self, type, count=1):
        """Waits until so many events of a type have come, and a little longer, in which no other may come."""
        await wait_until(f"{count} of {type}", lambda: len(self.of_type(type)) >= count or self.reading.done(), 10)
        await asyncio.sleep(0.15)
        if self.reading.done() and self.reading.exception(): raise self.reading.exception()
        if len(self.of_type(type)) != count: raise Fault(f"{len(self.of_type(type))} of {type} came, expected {count}")

def check_view(api, events):
    """Nothing that a client was sent is about a call of the router's, and every item stands behind one that it knows."""
    if api.errors: raise Fault(f"the server says: {api.errors}")
    known = {None}
    for event in events:
        if event["type"].startswith("session."): continue
        text = json.dumps(event)
        for id in api.hidden:
            if f'"{id}"' in text: raise Fault(f"the client sees {id} of the router's call: {text}")
        if f'"{OWN}"' in text: raise Fault(f"the client sees the router's function: {text}")
        if event["type"] in ("conversation.item.added", "conversation.item.done"):
            if event["previous_item_id"] not in known: raise Fault(f"the client does not know the item behind which this stands: {text}")
            known.add(event["item"]["id"])
