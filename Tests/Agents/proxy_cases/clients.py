"""OpenAI's own clients and Node's `ws` through the proxy, against the mock."""
import asyncio, base64, json, os, shutil, subprocess, tempfile
from pathlib import Path
from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from .peers import PATIENCE, Fault, Proxy, expect

SERVER_EVENT = TypeAdapter(RealtimeServerEvent)
SCRIPT = """\
- user: Where is my order?
- call: get_order
  arguments: { id: 7 }
- agent: It is on its way.
"""
SPEECH = base64.b64encode(bytes(48 * 100)).decode()
NODE_CLIENT = Path(__file__).parents[2] / "MockClients" / "client.cjs"

class Mock:
    """A mock that plays the script once, and checks the client."""

    def __init__(self, program): self.program = os.path.abspath(program)

    async def __aenter__(self):
        self.folder = tempfile.TemporaryDirectory()
        Path(self.folder.name, "order.yml").write_text(SCRIPT)
        self.process = await asyncio.create_subprocess_exec(
            self.program, "mock", "order.yml", "--listen", "127.0.0.1:0", "--once", "--verify", cwd=self.folder.name,
            env={"PATH": os.environ["PATH"], "HOME": self.folder.name}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        address = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        self.url = address.decode().strip().removesuffix("/v1/realtime")
        return self

    async def end(self):
        _, errors = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        expect("how the mock ended", (self.process.returncode, errors.decode()), (0, ""))

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self.folder.cleanup()

async def openai_session(base):
    """A spoken turn and a function call by the openai package. Returns the server's events as they came."""
    messages, calls = [], None
    async with AsyncOpenAI(api_key="key", websocket_base_url=base).realtime.connect(model="gpt-realtime") as connection:
        tool = {"type": "function", "name": "get_order", "parameters": {"type": "object", "properties": {"id": {"type": "integer"}}}}
        transcription = {"input": {"transcription": {"model": "gpt-realtime-whisper"}}}
        await connection.session.update(session={"type": "realtime", "tools": [tool], "audio": transcription})
        for _ in range(5): await connection.input_audio_buffer.append(audio=SPEECH)
        while calls is None or calls:
            message = await connection.recv_bytes()
            messages.append(message)
            event = SERVER_EVENT.validate_json(message)
            if event.type != "response.done": continue
            calls = [item for item in event.response.output if item.type == "function_call"]
            for call in calls:
                await connection.conversation.item.create(item={"type": "function_call_output", "call_id": call.call_id, "output": "sent"})
            if calls: await connection.response.create()
    return messages

async def agents_session(base):
    """The same by the session of openai-agents, which runs the function itself."""
    ids, messages = [], []

    @function_tool
    def get_order(id: int) -> str:
        """Looks an order up."""
        ids.append(id)
        return "sent"

    runner = RealtimeRunner(RealtimeAgent(name="Desk", instructions="Help.", tools=[get_order]))
    async with await runner.run(model_config={"api_key": "key", "url": f"{base}/realtime"}) as session:
        await session.send_audio(bytes(48 * 500))
        async for event in session:
            if event.type == "error": raise Fault(f"openai-agents says: {event.error}")
            if event.type == "raw_model_event" and event.data.type == "raw_server_event":
                SERVER_EVENT.validate_python(event.data.data)
                messages.append(json.dumps(event.data.data))
            if event.type == "agent_end" and any('"response.output_audio.delta"' in message for message in messages): break
    expect("the calls", ids, [7])
    return messages

async def as_direct(program, session):
    """A session has the same events through the proxy as without."""
    async with Mock(program) as mock:
        direct = await asyncio.wait_for(session(f"{mock.url}/v1"), PATIENCE)
        await mock.end()
    async with Mock(program) as mock, Proxy(program, mock.url) as proxy:
        proxied = await asyncio.wait_for(session(proxy.base), PATIENCE)
        await mock.end()
        await proxy.end()
        said = [(line["role"], line["text"]) for line in map(json.loads, Path(proxy.folder, "transcript.jsonl").read_text().splitlines())]
    if len(direct) < 20: raise Fault(f"only {len(direct)} events came without the proxy")
    types = [[json.loads(message)["type"] for message in messages] for messages in (proxied, direct)]
    expect("the types", *types)
    for index, (found, expected) in enumerate(zip(proxied, direct)): expect(f"event {index}", found, expected)
    expect("the transcript", said, [("user", "Where is my order?"), ("assistant", "It is on its way.")])

async def openai_client(program): await as_direct(program, openai_session)
async def openai_agents(program): await as_direct(program, agents_session)

async def node_over_tls(program):
    """Node's ws over wss://, with the authority of the development certificate."""
    node = shutil.which("node")
    if not node or not os.path.exists("/usr/share/nodejs/ws"): raise Fault("skipped: there is no Node with `ws`")
    async with Mock(program) as mock, Proxy(program, mock.url, words=["--dev-cert"]) as proxy:
        expect("the scheme", proxy.scheme, "wss")
        authority = f"{proxy.folder}/.config/realtime-router/ca.pem"
        client = await asyncio.create_subprocess_exec(
            node, NODE_CLIENT, proxy.url, env={"PATH": os.environ["PATH"], "NODE_PATH": "/usr/share/nodejs", "NODE_EXTRA_CA_CERTS": authority})
        expect("the client's exit status", await asyncio.wait_for(client.wait(), PATIENCE), 0)
        await mock.end()
        await proxy.end()

CASES = [openai_client, openai_agents, node_over_tls]
