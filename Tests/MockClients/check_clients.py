#!/usr/bin/env python3
"""Runs clients of others against `mock`: OpenAI's own, which must do right, and wrong ones, each of which must be told what is wrong.

usage: check_clients.py ROUTER [NODE]      for example: check_clients.py .build/debug/realtime-router node

Needs PyPI's `openai`, `openai-agents` and `websockets`. With NODE, Node's `ws` (Debian's node-ws) talks to it over wss://.
"""
import asyncio, base64, json, os, subprocess, sys, tempfile
from pathlib import Path
from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from websockets import ConnectionClosed, connect

PATIENCE = 60
SERVER_EVENT = TypeAdapter(RealtimeServerEvent)
SPEECH = base64.b64encode(bytes(48 * 100)).decode()
SCRIPT = """\
- user: Where is my order?
- call: get_order
  arguments: { id: 7 }
- agent: It is on its way.
"""
UPDATE = {"type": "session.update", "session": {"type": "realtime"}}

class Mock:
    """A mock that plays the script once, and what it says."""

    def __init__(self, router, *options, script=SCRIPT):
        self.router, self.options, self.script = router, options, script

    async def __aenter__(self):
        self.folder = tempfile.TemporaryDirectory()
        Path(self.folder.name, "order.yml").write_text(self.script)
        self.process = await asyncio.create_subprocess_exec(
            os.path.abspath(self.router), "mock", "order.yml", "--listen", "127.0.0.1:0", "--once", "--verify", *self.options,
            cwd=self.folder.name, env={"PATH": os.environ["PATH"], "HOME": self.folder.name},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.url = (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode().strip()
        return self

    async def end(self):
        """The exit status and the lines on standard error."""
        _, errors = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        return self.process.returncode, errors.decode().splitlines()

    async def __aexit__(self, *_):
        if self.process.returncode is None: self.process.kill(); await self.process.wait()
        self.folder.cleanup()

# What OpenAI's own clients do right.

async def openai_client(url):
    """A spoken turn and a function call by the openai package; every event must validate."""
    client = AsyncOpenAI(api_key="key", websocket_base_url=url.removesuffix("/realtime"))
    types, words = [], ""
    async with client.realtime.connect(model="gpt-realtime") as connection:
        tool = {"type": "function", "name": "get_order", "parameters": {"type": "object", "properties": {"id": {"type": "integer"}}}}
        transcription = {"input": {"transcription": {"model": "gpt-realtime-whisper"}}}
        await connection.session.update(session={"type": "realtime", "tools": [tool], "audio": transcription})
        for _ in range(5): await connection.input_audio_buffer.append(audio=SPEECH)
        while "response.done" not in types or calls:
            message = await connection.recv_bytes()
            if json.loads(message)["type"] == "mock.unknown_event": continue
            event = SERVER_EVENT.validate_json(message)
            types.append(event.type)
            if event.type == "conversation.item.input_audio_transcription.completed": words = event.transcript
            if event.type != "response.done": continue
            calls = [item for item in event.response.output if item.type == "function_call"]
            for call in calls:
                if json.loads(call.arguments) != {"id": 7}: return f"wrong arguments: {call.arguments}"
                await connection.conversation.item.create(item={"type": "function_call_output", "call_id": call.call_id, "output": "sent"})
            if calls: await connection.response.create()
    if words != "Where is my order?": return f"the user's words are {words!r}"
    if types.count("response.done") != 2 or "response.output_audio.delta" not in types: return f"the events are {types}"

async def openai_agents(url):
    """The same by the session of openai-agents, which runs the function itself."""
    ids, seen = [], []

    @function_tool
    def get_order(id: int) -> str:
        """Looks an order up."""
        ids.append(id)
        return "sent"

    runner = RealtimeRunner(RealtimeAgent(name="Desk", instructions="Help.", tools=[get_order]))
    async with await runner.run(model_config={"api_key": "key", "url": url}) as session:
        await session.send_audio(bytes(48 * 500))
        async for event in session:
            if event.type == "error": return f"an error: {event.error}"
            if event.type == "raw_model_event" and event.data.type == "raw_server_event":
                SERVER_EVENT.validate_python(event.data.data)
            if event.type == "audio": seen.append(len(event.audio.data))
            if event.type == "agent_end" and seen: break
        history = [item.model_dump() for item in session._history]
    if ids != [7]: return f"the function was called with {ids}"
    if not sum(seen): return "no audio came"
    said = [part.get("transcript") for item in history for part in item.get("content", [])]
    if said != ["Where is my order?", "It is on its way."]: return f"the history says {said}"

async def sdk(router, client, *options):
    async with Mock(router, *options) as mock:
        fault = await asyncio.wait_for(client(mock.url), PATIENCE)
        status, errors = await mock.end()
        if fault: return fault
        if status or errors: return f"the mock ended with {status}: {errors}"

# What others do wrong.

async def hear(socket, type):
    """Reads until an event of a type comes."""
    while True:
        event = json.loads(await socket.recv())
        if event["type"] == type: return event

async def turn(socket):
    """Does right until the function is called."""
    for _ in range(5): await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": SPEECH}))
    return await hear(socket, "response.done")

def sends(*messages):
    async def act(socket):
        for message in messages: await socket.send(message if isinstance(message, str) else json.dumps(message))
        if messages: await hear(socket, "error")
    return act

def output(call): return {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": call, "output": "sent"}}

async def two_requests(socket):
    await turn(socket)
    await sends(output("call_1"), {"type": "response.create"}, {"type": "response.create"})(socket)

async def truncation(socket):
    await turn(socket)
    await socket.send(json.dumps(output("call_1")))
    await socket.send(json.dumps({"type": "response.create"}))
    item = (await hear(socket, "response.done"))["response"]["output"][0]["id"]
    await sends({"type": "conversation.item.truncate", "item_id": item, "content_index": 0, "audio_end_ms": 60000})(socket)

async def no_output(socket):
    await turn(socket)
    await socket.send(json.dumps({"type": "response.create"}))
    try: await hear(socket, "nothing")
    except ConnectionClosed: pass

def session(**fields): return {"type": "session.update", "session": {"type": "realtime", **fields}}

LEFT = "the client closed the connection before it sent the user's turn: audio, `input_audio_buffer.commit`, or a message of the user (line 1 of order.yml)"
# What it is called, what it does, and the reports that must come.
WRONG = [
    ("an unknown field", sends(session(voice="alloy")),
     ["message 1, `session.update`: `session.voice` is not known: it was the beta's; write `session.audio.output.voice`", LEFT]),
    ("a missing field", sends({"type": "session.update", "session": {"instructions": "Help."}}),
     ["message 1, `session.update`: `session.type` is missing", LEFT]),
    ("a wrong type", sends(session(instructions=7)),
     ["message 1, `session.update`: `session.instructions` must be a string or null, and is a number", LEFT]),
    ("a value that is not in the list", sends(session(output_modalities=["voice"])),
     ['message 1, `session.update`: `session.output_modalities[0]` must be one of "text", "audio", and is "voice"', LEFT]),
    ("no JSON", sends("hello"), ["message 1: is not a JSON object", LEFT]),
    ("an empty buffer", sends(UPDATE, {"type": "input_audio_buffer.commit"}),
     ["message 2, `input_audio_buffer.commit`: Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, "
      "but buffer only has 0.00ms of audio.", LEFT]),
    ("an unknown call", sends(output("call_9")),
     ["message 1, `conversation.item.create`: Tool call ID 'call_9' not found in conversation.", LEFT]),
    ("odd bytes", sends({"type": "input_audio_buffer.append", "audio": "AAAA"}),
     ["message 1, `input_audio_buffer.append`: `audio` has 3 bytes, and a sample of PCM16 has 2", LEFT]),
    ("another model", sends(session(model="gpt-5")),
     ["message 1, `session.update`: Cannot update a session's model: it is 'gpt-realtime', not 'gpt-5'.", LEFT]),
    ("two requests for a response", two_requests,
     ["message 8, `response.create`: Conversation already has an active response in progress: resp_2. Wait until the response is finished "
      "before creating a new one."]),
    ("truncation beyond what was sent", truncation,
     ["message 8, `conversation.item.truncate`: Audio content of 1200ms is already shorter than 60000ms"]),
    ("a call without its output", no_output,
     ["waited 1s for `conversation.item.create` with the output of the call `call_1` (line 2 of order.yml); instead came `response.create`"]),
    ("a client that leaves", sends(), [LEFT]),
]

async def wrong(router, act, expected):
    async with Mock(router, "--wait", "1s") as mock:
        async with connect(mock.url + "?model=gpt-realtime") as socket: await asyncio.wait_for(act(socket), PATIENCE)
        status, errors = await mock.end()
        expected = [f"error: session 1 (order.yml): {line}" for line in expected]
        if status != 1 or errors != expected: return f"the mock ended with {status}: {errors}"

async def beta(router):
    """The header of the beta is refused."""
    async with Mock(router) as mock:
        async with connect(mock.url, additional_headers={"OpenAI-Beta": "realtime=v1"}) as socket:
            error = await hear(socket, "error")
            try: await socket.recv()
            except ConnectionClosed as closed: code = closed.rcvd.code
        status, errors = await mock.end()
        if error["error"]["code"] != "beta_api_shape_disabled" or code != 4000 or status != 1: return f"{error}, {code}, {status}"

async def node(router, program):
    """Node's ws over TLS, with the authority of the development certificate."""
    async with Mock(router, "--dev-cert", "--fragment") as mock:
        trust = (await asyncio.wait_for(mock.process.stderr.readline(), PATIENCE)).decode()
        environment = {"PATH": os.environ["PATH"], "NODE_PATH": "/usr/share/nodejs"}
        environment["NODE_EXTRA_CA_CERTS"] = trust.split("NODE_EXTRA_CA_CERTS='")[1].split("'")[0]
        script = Path(__file__).with_name("client.cjs")
        client = await asyncio.create_subprocess_exec(program, script, mock.url, env=environment)
        if await asyncio.wait_for(client.wait(), PATIENCE): return "the client failed"
        status, errors = await mock.end()
        if status or errors: return f"the mock ended with {status}: {errors}"

async def main():
    if len(sys.argv) < 2: sys.exit(__doc__)
    router, failures = sys.argv[1], 0
    checks = [("openai", sdk(router, openai_client)), ("openai-agents", sdk(router, openai_agents))]
    for fault in (["--fragment"], ["--late-transcripts"], ["--unknown-events"], ["--delay", "20ms"]):
        checks.append((f"openai with {fault[0]}", sdk(router, openai_client, *fault)))
    checks += [(name, wrong(router, act, expected)) for name, act, expected in WRONG]
    checks.append(("the beta's header", beta(router)))
    if len(sys.argv) > 2: checks.append(("Node's ws over wss://", node(router, sys.argv[2])))
    for name, check in checks:
        fault = await check
        failures += bool(fault)
        print(f"{'wrong' if fault else 'right'}  {name}{': ' + fault if fault else ''}", flush=True)
    sys.exit(bool(failures))

asyncio.run(main())
