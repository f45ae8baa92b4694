#!/usr/bin/env python3
"""Runs `connect` against a server in Python: sessions, lost connections, sidebands, keys, proxies, and what it says when they fail.

usage: check_connect.py ROUTER      for example: check_connect.py .build/debug/realtime-router

Every client event must be valid, in strict mode and without unknown fields, by the types of OpenAI's package. Needs PyPI's `openai` and
`websockets`, and the program openssl.
"""
import array, asyncio, base64, json, os, re, ssl, subprocess, sys, tempfile, wave
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from openai.types.realtime import RealtimeClientEvent
from pydantic import BaseModel, TypeAdapter, ValidationError
from websockets import ConnectionClosed, Headers, Response, serve

PATIENCE = 60
CLIENT_EVENT = TypeAdapter(RealtimeClientEvent)
TRANSCRIPT = """\
version: 1
handlers: { words: { type: transcript, output: transcript.jsonl } }
routes: [ { name: words, to: words } ]
"""
TOOLS = """\
version: 1
handlers:
  tools:
    type: function_call
    announce: true
    functions:
      get_order:
        description: Looks an order up
        parameters: { type: object, properties: { id: { type: integer } }, required: [id] }
        command: [/bin/echo, "order {id}"]
routes: [ { name: calls, to: tools } ]
"""
SESSION = """\
version: 1
session:
  model: gpt-realtime
  instructions: Be brief.
  audio: { input: { transcription: { model: gpt-4o-transcribe, language: en } }, output: { voice: marin } }
handlers: { words: { type: transcript, output: transcript.jsonl } }
routes: [ { name: words, to: words } ]
"""

class Fault(Exception):
    """`connect` did something wrong."""

def expect(what, found, expected):
    if found != expected: raise Fault(f"{what}:\n  found    {found!r}\n  expected {expected!r}")

def unknown_fields(value, path=""):
    """The paths of fields that the types do not declare: OpenAI's package lets them pass."""
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or {})
        for name in value.model_fields_set & set(type(value).model_fields): yield from unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for index, element in enumerate(value): yield from unknown_fields(element, f"{path}{index}.")

class Session:
    """One connection, as the server has it."""

    def __init__(self, socket):
        self.socket, self.number = socket, 0

    async def send(self, type, **fields):
        self.number += 1
        await self.socket.send(json.dumps({"type": type, "event_id": f"event_{self.number}", **fields}))

    async def created(self, id="sess_1"):
        await self.send("session.created", session={"type": "realtime", "object": "realtime.session", "id": id, "model": "gpt-realtime"})

    async def receive(self, type):
        """The next event, which must be valid and of a type."""
        message = await self.socket.recv()
        try: unknown = list(unknown_fields(CLIENT_EVENT.validate_json(message, strict=True)))
        except ValidationError as error: raise Fault(f"{message}: {error}")
        if unknown: raise Fault(f"{message}: unknown fields {unknown}")
        event = json.loads(message)
        expect("the type of the next event", event["type"], type)
        return event

    async def response(self, id, item):
        response = {"object": "realtime.response", "id": id, "conversation_id": "conv_1"}
        await self.send("response.created", response={**response, "status": "in_progress", "output": []})
        await self.send("response.output_item.added", response_id=id, output_index=0, item={**item, "status": "in_progress"})
        await self.send("response.output_item.done", response_id=id, output_index=0, item=item)
        await self.send("response.done", response={**response, "status": "completed", "output": [item]})

    async def text(self, id, text):
        await self.response(f"resp_{id}", {"id": f"item_{id}", "type": "message", "status": "completed", "role": "assistant",
                                           "content": [{"type": "output_text", "text": text}]})

    async def call(self, id, order):
        await self.response(f"resp_{id}", {"id": f"item_{id}", "type": "function_call", "status": "completed", "name": "get_order",
                                           "call_id": f"call_{id}", "arguments": json.dumps({"id": order})})

class Server:
    """Serves one play: `play(session, number)` for each connection, `answer(number)` for handshakes that are refused."""

    def __init__(self, play, answer=lambda number: None, tls=None):
        self.play, self.answer, self.tls, self.requests, self.faults = play, answer, tls, [], []
        self.connections = 0

    def request(self, connection, request):
        self.requests.append(request)
        refusal = self.answer(len(self.requests))
        if refusal is None: return None
        status, body, headers = refusal
        body = body.encode()
        headers = Headers({"content-type": "application/json", "content-length": str(len(body)), "connection": "close", **headers})
        return Response(status, HTTPStatus(status).phrase, headers, body)

    async def serve(self, socket):
        self.connections += 1
        try: await self.play(Session(socket), self.connections)
        except (Fault, ConnectionClosed) as fault: self.faults.append(fault)

    async def __aenter__(self):
        self.server = await serve(self.serve, "127.0.0.1", 0, process_request=self.request, ssl=self.tls, max_size=None)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/v1/realtime"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

class Place:
    """A folder in which `connect` runs, and how it ended."""

    def __init__(self, router, folder, routes=TRANSCRIPT):
        self.router, self.folder = router, folder
        Path(folder, "routes.yml").write_text(routes)

    async def connect(self, *words, key="sk-test-key", variables={}, descriptors=()):
        """Runs it; returns the exit status and standard error, with ports and waits masked."""
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, **variables}
        if key: environment["OPENAI_API_KEY"] = key
        process = await asyncio.create_subprocess_exec(
            self.router, "connect", *words, cwd=self.folder, env=environment, pass_fds=descriptors,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try: output, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        except asyncio.TimeoutError:
            process.kill(); await process.wait()
            raise Fault(f"it did not end within {PATIENCE} s")
        self.output = output.decode()
        errors = re.sub(r":\d{4,5}\b", ":PORT", errors.decode().replace(self.folder, "PLACE"))
        return process.returncode, re.sub(r"in \d+ ms", "in N ms", errors)

    def said(self):
        path = Path(self.folder, "transcript.jsonl")
        return [(line["role"], line["text"]) for line in map(json.loads, path.read_text().splitlines())] if path.exists() else []

def check_server(server, connections):
    if server.faults: raise Fault(f"the server says: {server.faults[0]}")
    expect("the number of connections", server.connections, connections)

# Sessions.

def write_wave(path, samples):
    with wave.open(path, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000); file.writeframes(array.array("h", samples).tobytes())

async def spoken_turn(place):
    """A WAV file at 16 kHz arrives whole, at 24 kHz and with a second of silence; words of both sides are in the transcript."""
    write_wave(f"{place.folder}/question.wav", [200 * (index % 80 - 40) for index in range(8000)])

    async def play(session, number):
        await session.created()
        received = b""
        while len(received) < 24000 + 48000:
            event = await session.receive("input_audio_buffer.append")
            received += base64.b64decode(event["audio"], validate=True)
        expect("the bytes of audio", len(received), 24000 + 48000)
        if not any(received[:24000]) or any(received[24000:]): raise Fault("the speech is not followed by silence")
        await session.send("input_audio_buffer.speech_started", audio_start_ms=0, item_id="item_u")
        await session.send("input_audio_buffer.speech_stopped", audio_end_ms=500, item_id="item_u")
        await session.send("input_audio_buffer.committed", previous_item_id=None, item_id="item_u")
        item = {"id": "item_u", "type": "message", "status": "completed", "role": "user", "content": [{"type": "input_audio"}]}
        await session.send("conversation.item.added", previous_item_id=None, item=item)
        await session.send("conversation.item.input_audio_transcription.completed", item_id="item_u", content_index=0, transcript="Hello?")
        await session.text("1", "Hello.")

    async with Server(play) as server:
        ending = await place.connect("--url", server.url, "--model", "gpt-realtime", "--audio-in", "question.wav", "--hurry-audio")
        check_server(server, 1)
        expect("the target", server.requests[0].path, "/v1/realtime?model=gpt-realtime")
        expect("the key", server.requests[0].headers["Authorization"], "Bearer sk-test-key")
    expect("the ending", ending, (0, ""))
    expect("the transcript", place.said(), [("user", "Hello?"), ("assistant", "Hello.")])

async def function_call(place):
    """The functions are announced, a call is answered, and the model is asked to go on."""
    async def play(session, number):
        await session.created()
        update = (await session.receive("session.update"))["session"]
        expect("the functions", [tool["name"] for tool in update["tools"]], ["get_order"])
        await session.send("session.updated", session=update)
        await session.call("1", 7)
        item = (await session.receive("conversation.item.create"))["item"]
        if not re.fullmatch("rr_[0-9a-f]{16}", item.pop("id")): raise Fault("the item's id is not the router's")
        expect("the output", item, {"type": "function_call_output", "call_id": "call_1", "output": "order 7"})
        await session.receive("response.create")
        await session.text("2", "It is on its way.")

    async with Server(play) as server:
        ending = await place.connect("--url", server.url)
        check_server(server, 1)
    expect("the ending", ending, (0, ""))

async def session_block(place):
    """The block `session` is sent as it stands, the model in the address."""
    async def play(session, number):
        await session.created()
        expect("the update", (await session.receive("session.update"))["session"],
               {"type": "realtime", "instructions": "Be brief.", "audio": {
                   "input": {"transcription": {"model": "gpt-4o-transcribe", "language": "en"}}, "output": {"voice": "marin"}}})

    async with Server(play) as server:
        ending = await place.connect("--url", server.url)
        check_server(server, 1)
        expect("the target", server.requests[0].path, "/v1/realtime?model=gpt-realtime")
    expect("the ending", ending, (0, ""))

async def reconnect(place):
    """A lost connection is made again: the session is configured anew, and words of both connections are in one transcript."""
    async def play(session, number):
        await session.created(f"sess_{number}")
        await session.receive("session.update")
        await session.text(str(number), f"Answer {number}.")
        if number == 1: session.socket.transport.abort()
        if number == 2: await session.socket.close(1011, "restart")

    async with Server(play, lambda number: (503, "busy", {}) if number == 2 else None) as server:
        status, errors = await place.connect("--url", server.url)
        check_server(server, 3)
        expect("the number of handshakes", len(server.requests), 4)
    url = "ws://127.0.0.1:PORT/v1/realtime"
    # A ping that the server did not read makes a reset of the end.
    errors = errors.replace("Connection reset by peer", "the peer closed the connection")
    expect("the warnings", errors.splitlines(), [
        f"warning: {url}: the connection was lost without a close frame: the peer closed the connection; trying again in N ms (session: session)",
        f"warning: {url}: the server answered 503: busy; trying again in N ms (session: session)",
        f"warning: {url}: the connection was closed by the peer with 1011 (restart); trying again in N ms (session: session)"])
    expect("the exit status", status, 0)
    expect("the transcript", place.said(), [("assistant", f"Answer {number}.") for number in (1, 2, 3)])

async def sideband(place):
    """The call is not there at first, no session.created comes, and after the close the call is looked for again."""
    async def play(session, number):
        await session.receive("session.update")
        await session.call("1", 7)
        await session.receive("conversation.item.create")
        await session.receive("response.create")
        await session.text("2", "Sent.")

    missing = (404, json.dumps({"error": {"message": "No session found for call_id", "code": "call_id_not_found"}}), {})
    async with Server(play, lambda number: missing if number != 2 else None) as server:
        ending = await place.connect("--url", server.url, "--call-id", "rtc_123")
        check_server(server, 1)
        expect("the targets", [request.path for request in server.requests], ["/v1/realtime?call_id=rtc_123"] * 3)
    reasons = ["the call is not there yet", "the connection was closed by the peer with 1000"]
    warning = "warning: ws://127.0.0.1:PORT/v1/realtime: {}; trying again in N ms (session: rtc_123)\n"
    expect("the ending", ending, (0, "".join(warning.format(reason) for reason in reasons)))

# What ends it.

async def refused_key(place):
    async def play(session, number): pass
    body = json.dumps({"error": {"message": "Incorrect API key provided: sk-te**-key.", "type": "invalid_request_error", "code": "invalid_api_key"}})
    async with Server(play, lambda number: (401, body, {"x-request-id": "req_9"})) as server:
        ending = await place.connect("--url", server.url)
        expect("the number of handshakes", len(server.requests), 1)
    expect("the ending", ending, (2, "error: ws://127.0.0.1:PORT/v1/realtime: the server answered 401: Incorrect API key provided: "
                                     "sk-te**-key. (invalid_api_key, request req_9)\n"))

async def fatal_error(place):
    async def play(session, number):
        await session.created()
        await session.send("error", error={"type": "insufficient_quota", "code": "insufficient_quota", "message": "You exceeded your current quota.",
                                           "param": None, "event_id": None})
        await session.socket.wait_closed()

    async with Server(play) as server:
        ending = await place.connect("--url", server.url)
        check_server(server, 1)
    expect("the ending", ending, (2, "error: ws://127.0.0.1:PORT/v1/realtime: the server refuses the session: You exceeded your current quota. "
                                     "(insufficient_quota)\n"))

async def no_server(place):
    async with Server(None) as server: url = server.url
    expect("the ending", await place.connect("--url", url), (
        2, "error: ws://127.0.0.1:PORT/v1/realtime: cannot connect to 127.0.0.1:PORT: Connection refused\n"))

# Keys.

@asynccontextmanager
async def greeting(**options):
    """A server that says hello and closes."""
    async def play(session, number):
        await session.created()
        await session.text("1", "Hello.")
    async with Server(play, **options) as server: yield server

async def key_descriptor(place):
    """The key comes over a descriptor, also for the second connection, and the variable is not looked at."""
    async def play(session, number):
        await session.created()
        if number == 1: await session.socket.close(1011)

    async with Server(play) as server:
        read, write = os.pipe()
        os.write(write, b"sk-of-the-descriptor\n"); os.close(write)
        status, _ = await place.connect("--url", server.url, "--key-fd", str(read), descriptors=(read,))
        os.close(read)
        check_server(server, 2)
        expect("the keys", [request.headers["Authorization"] for request in server.requests], ["Bearer sk-of-the-descriptor"] * 2)
    expect("the exit status", status, 0)

async def empty_descriptor(place):
    async with greeting() as server:
        read, write = os.pipe()
        os.close(write)
        ending = await place.connect("--url", server.url, "--key-fd", str(read), descriptors=(read,))
        os.close(read)
        expect("the number of handshakes", len(server.requests), 0)
    expect("the ending", ending, (2, "error: ws://127.0.0.1:PORT/v1/realtime: there is no key: --key-fd cannot be read: it is empty\n"))

async def closed_descriptor(place):
    status, errors = await place.connect("--url", "ws://127.0.0.1:9", "--key-fd", "77")
    expect("the ending", (status, errors.splitlines()[0]), (2, "error: --key-fd 77 is not open: `--key-fd 3 3< key.txt`"))

async def key_as_argument(place):
    for field in ("Authorization: Bearer sk-secret", "api-key:sk-secret"):
        status, errors = await place.connect("--url", "ws://127.0.0.1:9", "--header", field)
        expect("the ending", (status, errors.splitlines()[0]), (
            2, "error: a key must not be an argument, as other users of the machine can read those: set OPENAI_API_KEY, or give --key-fd"))
        if "sk-secret" in errors + place.output: raise Fault(f"the key is shown: {errors}")

async def header(place):
    async with greeting() as server:
        ending = await place.connect("--url", server.url, "--header", "OpenAI-Safety-Identifier: hash", key=None)
        check_server(server, 1)
        headers = server.requests[0].headers
        expect("the fields", (headers["OpenAI-Safety-Identifier"], "Authorization" in headers), ("hash", False))
    expect("the ending", ending, (0, ""))

# TLS and proxies.

def certificate(folder, name):
    """Makes a certificate; returns a server's context and the path for --ca."""
    files = [f"{folder}/{name}.pem", f"{folder}/{name}-key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", files[0], "-keyout", files[1]],
                   check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context, files[0]

class Proxy:
    """Leads every CONNECT to one port; with a credential only those that show it."""

    def __init__(self, port, credential=None):
        self.port, self.credential, self.requests = port, credential, []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_): self.server.close()

    async def serve(self, reader, writer):
        line, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.requests.append(line)
        fields = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        if self.credential and fields.get("proxy-authorization") != "Basic " + base64.b64encode(self.credential.encode()).decode():
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n")
            return writer.close()
        if not self.port:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            return writer.close()
        there, to_there = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(self.copy(reader, to_there), self.copy(there, writer))

    async def copy(self, reader, writer):
        try:
            while block := await reader.read(65536): writer.write(block); await writer.drain()
        except ConnectionError: pass
        writer.close()

async def through_proxy(place, credential, given, expected, leads=True, ca=True):
    """A session over wss:// through a proxy, to a name that only the proxy knows."""
    context, path = certificate(place.folder, "api.test")
    async with greeting(tls=context) as server, Proxy(server.port if leads else None, credential) as proxy:
        variables = {"HTTPS_PROXY": f"http://{given}{proxy.address}"}
        ending = await place.connect("--url", "wss://api.test/v1/realtime", *(["--ca", path] if ca else []), variables=variables)
        expect("what the proxy got", set(proxy.requests), {"CONNECT api.test:443 HTTP/1.1"})
        expect("the number of handshakes", len(server.requests), 1 if expected[0] == 0 else 0)
    expect("the ending", ending, expected)

UNTRUSTED = "is signed by an authority that is not trusted\n   help: give the authority's certificate with --ca FILE\n"

def proxy_error(words): return 2, f"error: wss://api.test/v1/realtime: the proxy 127.0.0.1:PORT (HTTPS_PROXY) {words}\n"

async def proxy(place): await through_proxy(place, None, "", (0, ""))
async def proxy_with_password(place): await through_proxy(place, "user:p@ss", "user:p%40ss@", (0, ""))
async def proxy_wants_password(place): await through_proxy(place, "user:p@ss", "", proxy_error(
    "wants a user and password: HTTPS_PROXY=http://user:password@127.0.0.1:PORT"))
async def proxy_wrong_password(place): await through_proxy(place, "user:p@ss", "user:secret@", proxy_error(
    "does not accept the user and password of HTTPS_PROXY"))
async def proxy_refuses(place): await through_proxy(place, None, "", proxy_error("answered 502 Bad Gateway"), leads=False)
async def proxy_and_unknown_authority(place): await through_proxy(place, None, "", (
    2, f"error: wss://api.test/v1/realtime: the certificate of api.test {UNTRUSTED}"), ca=False)

async def local_server_without_proxy(place):
    """A server of this machine is not asked through a proxy."""
    async with greeting() as server:
        ending = await place.connect("--url", server.url, variables={"HTTPS_PROXY": "http://127.0.0.1:9"})
        check_server(server, 1)
    expect("the ending", ending, (0, ""))

async def development_certificate(place):
    """`mock --dev-cert` is trusted with --ca and not without."""
    Path(place.folder, "hello.yml").write_text("- user: Hello?\n- agent: Hello.\n")
    write_wave(f"{place.folder}/silence.wav", [0] * 24000)
    mock = await asyncio.create_subprocess_exec(
        place.router, "mock", "hello.yml", "--listen", "127.0.0.1:0", "--dev-cert", cwd=place.folder,
        env={"PATH": os.environ["PATH"], "HOME": place.folder}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        url = (await asyncio.wait_for(mock.stdout.readline(), PATIENCE)).decode().strip()
        name = "error: wss://127.0.0.1:PORT/v1/realtime: "
        expect("the ending without --ca", await place.connect("--url", url), (2, f"{name}the certificate of 127.0.0.1 {UNTRUSTED}"))
        missing = await place.connect("--url", url, "--ca", "nowhere.pem")
        expect("the ending without the file", missing, (2, f"{name}cannot read the certificates in nowhere.pem: No such file or directory\n"))
        authority = f"{place.folder}/.config/realtime-router/ca.pem"
        expect("the ending with --ca", await place.connect("--url", url, "--audio-in", "silence.wav", "--hurry-audio", "--ca", authority), (0, ""))
        expect("the transcript", place.said(), [("user", "Hello?"), ("assistant", "Hello.")])
    finally:
        mock.terminate(); await mock.wait()

CASES = [
    (spoken_turn, TRANSCRIPT), (function_call, TOOLS), (session_block, SESSION), (reconnect, SESSION), (sideband, TOOLS),
    (refused_key, TRANSCRIPT), (fatal_error, TRANSCRIPT), (no_server, TRANSCRIPT), (key_descriptor, TRANSCRIPT), (empty_descriptor, TRANSCRIPT),
    (closed_descriptor, TRANSCRIPT), (key_as_argument, TRANSCRIPT), (header, TRANSCRIPT), (proxy, TRANSCRIPT), (proxy_with_password, TRANSCRIPT),
    (proxy_wants_password, TRANSCRIPT), (proxy_wrong_password, TRANSCRIPT), (proxy_refuses, TRANSCRIPT), (proxy_and_unknown_authority, TRANSCRIPT),
    (local_server_without_proxy, TRANSCRIPT), (development_certificate, SESSION),
]

async def main():
    if len(sys.argv) != 2: sys.exit(__doc__)
    wrong = 0
    for case, routes in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try: fault = await case(Place(os.path.abspath(sys.argv[1]), os.path.realpath(folder), routes))
            except Fault as error: fault = error
        wrong += bool(fault)
        print(f"{'wrong' if fault else 'right'}  {case.__name__.replace('_', ' ')}{f': {fault}' if fault else ''}", flush=True)
    sys.exit(bool(wrong))

asyncio.run(main())
