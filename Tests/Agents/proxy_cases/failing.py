"""Rules that match everything, and handlers that crash, hang, flood, die or cannot write: messages pass, and soon."""
import asyncio, json, subprocess, sys, tempfile, time
from contextlib import contextmanager
from .api import OWN, call
from .passing import ROOT
from .peers import Fault, Proxy, Server, expect

SESSIONS, ROUNDS, INTERVAL = 5, 60, 0.025
LONGEST_P99 = 0.05
EVERYTHING = "match: { type: [ { exists: true } ] }"

def routes_to(handlers):
    """Routes that give every event to each of the handlers."""
    lines = ["version: 1", "handlers:", *(f"  {name}: {options}" for name, options in handlers.items()), "routes:"]
    return "\n".join([*lines, *(f"  - {{ name: to {name}, {EVERYTHING}, to: {name} }}" for name in handlers)]) + "\n"

def command(*words, options=""): return f"{{ type: command, command: {json.dumps(words)}{options} }}"
def shell(text, options=""): return command("/bin/sh", "-c", text, options=options)

class Traffic:
    """Sessions in which both sides send an event every few milliseconds, and how long each took to arrive."""

    def __init__(self, special=()): self.sent, self.waits, self.special, self.lost, self.outputs = {}, [], list(special), [], 0

    def events(self, side, session):
        """The events of a side: half of them are from a recording, so that handlers have something to do."""
        lines = (ROOT / "Examples/Sessions/spoken-turn.jsonl").read_text().splitlines()
        for number in range(ROUNDS):
            mark = f"{side}_{session}_{number}"
            if side == "client": event = {"type": "input_audio_buffer.append", "event_id": mark, "audio": "AAAA" * 800}
            else: event = {**json.loads(lines[number % len(lines)]), "event_id": mark}
            yield mark, json.dumps(event)

    async def run(self, socket, side, session):
        other = "server" if side == "client" else "client"
        async def receive():
            for number in range(ROUNDS):
                while (mark := json.loads(await socket.recv())["event_id"]).startswith("rr_"): self.outputs += mark.startswith("rr_output")
                self.waits.append(time.monotonic() - self.sent[mark])
                if mark != f"{other}_{session}_{number}": self.lost.append(f"{mark} came in place of {number}")
        receiving = asyncio.create_task(receive())
        for number, (mark, text) in enumerate(self.events(side, session)):
            self.sent[mark] = time.monotonic()
            await socket.send(text)
            if side == "server" and number % 20 == 10:
                for event in self.special: await socket.send(json.dumps(event))
            await asyncio.sleep(INTERVAL)
        await receiving

    def check(self):
        expect("the messages", (len(self.waits), self.lost), (2 * SESSIONS * ROUNDS, []))
        wait = sorted(self.waits)[len(self.waits) * 99 // 100]
        if wait > LONGEST_P99: raise Fault(f"one message in a hundred takes {wait * 1000:.0f} ms or longer to pass")

async def messages_pass(program, routes, special=(), mode="observe", meanwhile=lambda: None):
    """Runs traffic through the proxy. Returns what the proxy says, and how many outputs of functions the server got."""
    traffic, numbers = Traffic(special), []
    async def play(socket):
        numbers.append(int(socket.request.path.split("session=")[1]))
        await traffic.run(socket, "server", numbers[-1])
        await socket.wait_closed()

    async with Server(play) as server, Proxy(program, server.url, routes=routes, source={"mode": mode}) as proxy:
        meanwhile()
        async def client(number):
            async with proxy.connect(f"?model=gpt-realtime&session={number}") as socket: await traffic.run(socket, "client", number)
        await asyncio.gather(*(client(number) for number in range(SESSIONS)))
        server.check()
        traffic.check()
        expect("that the proxy lives", proxy.lives(), True)
        proxy.signal()
        await asyncio.sleep(0.3)
        if proxy.lives(): proxy.signal()
        expect("the exit status", await proxy.wait(10), 143)
        return proxy.text(), traffic.outputs

async def handlers_crash(program):
    await messages_pass(program, routes_to({
        "killed": shell("kill -9 $$"), "fails": command("/bin/false"),
        "deaf": shell("exec 0<&-; exit 0"), "words": '{ type: transcript, output: "{session}.jsonl" }'}))

async def handlers_hang(program):
    await messages_pass(program, routes_to({"hangs": command("/bin/sleep", "100"), "stubborn": shell("trap '' TERM; sleep 100"),
                                            "blocks": command("/bin/sleep", "100", options=", on_full: block, queue_capacity: 1")}))

async def handlers_flood(program):
    await messages_pass(program, routes_to({
        "floods": shell("head -c 100000000 /dev/zero", ", max_concurrent: 1"),
        "complains": shell("head -c 100000000 /dev/zero >&2; exit 1", ", max_concurrent: 1")}))

def function_events():
    """A response with a call of the router's function, of which the client sees nothing."""
    item = {"id": "item_own", "object": "realtime.item", "status": "completed", "call_id": "call_own", **call(OWN, id=7)}
    place = {"event_id": "hidden", "response_id": "resp_own", "output_index": 0}
    return [{"type": "response.output_item.added", "item": {**item, "status": "in_progress", "arguments": ""}, **place},
            {"type": "response.function_call_arguments.done", "item_id": "item_own", "call_id": "call_own", "arguments": item["arguments"], **place},
            {"type": "response.output_item.done", "item": item, **place}]

def functions(options): return f"""\
version: 1
handlers:
  tools:
    type: function_call
    announce: true
    functions: {{ {OWN}: {{ description: Looks an order up, parameters: {{ type: object }}, {options} }} }}
routes: [ {{ name: calls, to: tools }} ]
"""

async def worker_dies(program):
    """The worker ends at each call, and the client's conversation goes on."""
    _, outputs = await messages_pass(program, functions('worker: [/bin/sh, -c, "read line; exit 1"]'), function_events(), "act")
    if not outputs: raise Fault("the server got no output of the function")

LIMITED = "limits: { memory: 64MiB }"

def greedy(reads=""):
    """The words of a program that allocates memory until it gets no more."""
    return json.dumps([sys.executable, "-c", f"{reads}held = []\nwhile True: held.append(bytearray(1 << 20))"])

async def command_allocates(program):
    """The command is ended at its limit of memory, and the model gets an error."""
    _, outputs = await messages_pass(program, functions(f"command: {greedy()}, {LIMITED}"), function_events(), "act")
    if not outputs: raise Fault("the server got no output of the function")

async def worker_allocates(program):
    """The worker is ended at its limit of memory at each call."""
    reads = "import sys; sys.stdin.readline()\n"
    _, outputs = await messages_pass(program, functions(f"worker: {greedy(reads)}, {LIMITED}"), function_events(), "act")
    if not outputs: raise Fault("the server got no output of the function")

async def function_hangs(program):
    await messages_pass(program, functions("command: [/bin/sleep, '100']"), function_events(), "act")

@contextmanager
def small_disk():
    """A folder of 256 KB."""
    with tempfile.TemporaryDirectory() as folder:
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True)
        if mount.returncode: raise Fault(f"skipped: no file system can be mounted: {mount.stderr.decode().strip()}")
        try: yield folder
        finally: subprocess.run(["umount", "-l", folder], check=True)

def fill(folder):
    try:
        with open(f"{folder}/full", "wb", buffering=0) as file:
            while True: file.write(bytes(4096))
    except OSError: pass

async def full_disk(program):
    """Neither the transcript nor the journal nor the dead letters can be written."""
    with small_disk() as folder:
        routes = functions("command: [/bin/echo, hello]").replace("announce: true", f"announce: true\n    journal: {folder}/calls.jsonl")
        routes = routes.replace("  tools:", f"  words: {{ type: transcript, output: {folder}/words.jsonl }}\n  fails: {command('/bin/false')}\n  tools:")
        routes = routes.replace(
            "routes: [", f"dead_letters: {{ path: {folder}/dead.jsonl }}\nroutes: [ {{ name: words, to: words }}, {{ name: all, {EVERYTHING}, to: fails }},")
        said, _ = await messages_pass(program, routes, function_events(), "act", meanwhile=lambda: fill(folder))
        if "No space left on device" not in said: raise Fault(f"the full disk is not reported: {said}")

CASES = [handlers_crash, handlers_hang, handlers_flood, worker_dies, command_allocates, worker_allocates, function_hangs, full_disk]
