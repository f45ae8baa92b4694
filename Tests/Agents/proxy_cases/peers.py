"""The program as a proxy, and the peers on both sides of it."""
import asyncio, json, logging, os, re, subprocess, tempfile
from http import HTTPStatus
from pathlib import Path
from websockets import Headers, Response, connect, serve

PATIENCE = 30
# Handshakes that fail are what is tried here.
logging.getLogger("websockets").setLevel(logging.CRITICAL)
TRANSCRIPT = """\
version: 1
handlers: { words: { type: transcript, output: transcript.jsonl } }
routes: [ { name: words, to: words } ]
"""

class Fault(Exception):
    """The proxy did something wrong."""

def expect(what, found, expected):
    if found != expected: raise Fault(f"{what}:\n  found    {str(found)[:2000]}\n  expected {str(expected)[:2000]}")

def expect_among(what, found, expected):
    if found not in expected: raise Fault(f"{what}: {str(found)[:500]} is none of {str(expected)[:500]}")

async def wait_until(what, condition, seconds=PATIENCE):
    """Waits until a condition holds, which is looked at every few milliseconds."""
    for _ in range(int(seconds * 200)):
        if condition(): return
        await asyncio.sleep(0.005)
    raise Fault(f"waited {seconds} s for {what}")

class Proxy:
    """The program as a proxy in a folder of its own.

    Without `source` it is the command `proxy`, with `source` it is `run` with a source of the type `proxy` that has those options.
    """

    def __init__(self, program, *upstreams, words=(), routes=TRANSCRIPT, source=None, variables={}):
        self.program, self.upstreams, self.words = os.path.abspath(program), upstreams, words
        self.routes, self.source, self.variables = routes, source, variables
        self.output, self.errors, self.status = b"", b"", None

    def command(self):
        if self.source is None:
            upstreams = [word for url in self.upstreams for word in ("--upstream", url)]
            return ["proxy", "--listen", "127.0.0.1:0", *upstreams, *self.words]
        source = {"type": "proxy", "listen": "127.0.0.1:0", "upstream": list(self.upstreams), **self.source}
        with open(f"{self.folder}/routes.yml", "a") as file: file.write(f"sources: {json.dumps({'agents': source})}\n")
        return ["run", "--routes", "routes.yml", *self.words]

    async def __aenter__(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = os.path.realpath(self.place.name)
        Path(self.folder, "routes.yml").write_text(self.routes)
        self.process = await asyncio.create_subprocess_exec(
            self.program, *self.command(), cwd=self.folder, env={"PATH": os.environ["PATH"], "HOME": self.folder, **self.variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.readers = [asyncio.create_task(self.read("output")), asyncio.create_task(self.read("errors"))]
        await wait_until("the proxy to listen", lambda: self.listens() or self.process.returncode is not None)
        if not self.listens():
            await self.wait()
            raise Fault(f"it ended with {self.status}: {self.text()}")
        scheme, port = self.listens().groups()
        self.scheme, self.port = scheme.decode(), int(port)
        self.base = f"{self.scheme}://127.0.0.1:{self.port}/v1"
        self.url = f"{self.base}/realtime"
        return self

    def listens(self): return re.search(rb"listening on (wss?)://127\.0\.0\.1:(\d+)", self.errors)

    async def read(self, name):
        stream = self.process.stdout if name == "output" else self.process.stderr
        while block := await stream.read(65536): setattr(self, name, getattr(self, name) + block)

    def text(self): return self.errors.decode(errors="replace")

    def lives(self): return self.process.returncode is None

    def signal(self): self.process.terminate()

    async def wait(self, seconds=PATIENCE):
        """Waits for the end; returns the exit status."""
        try: self.status = await asyncio.wait_for(self.process.wait(), seconds)
        except asyncio.TimeoutError: raise Fault(f"it did not end within {seconds} s: {self.text()}")
        await asyncio.gather(*self.readers)
        return self.status

    async def end(self, status=143):
        """Ends it in order, and checks how it ended."""
        self.signal()
        expect("the exit status", await self.wait(), status)

    async def __aexit__(self, *_):
        if self.lives():
            self.process.kill()
            await self.process.wait()
        await asyncio.gather(*self.readers)
        self.place.cleanup()

    def files(self):
        """All that it has written: the files of its folder, and both outputs."""
        written = [("standard output", self.output), ("standard error", self.errors)]
        written += [(str(path), path.read_bytes()) for path in Path(self.folder).rglob("*") if path.is_file()]
        return [(name, data) for name, data in written if name != f"{self.folder}/routes.yml"]

    def connect(self, path="?model=gpt-realtime", **options):
        """A client's connection; it takes messages of any size, and sends no pings that would count as signs of life."""
        options = {"max_size": None, "ping_interval": None, "open_timeout": PATIENCE, "proxy": None, **options}
        return connect(self.url + path, **options)

class Server:
    """A WebSocket server: `play(socket)` for each connection, `answer(request)` for handshakes that it refuses."""

    def __init__(self, play, answer=lambda request: None, **options):
        self.play, self.answer, self.options = play, answer, options
        self.requests, self.faults, self.connections = [], [], 0

    def request(self, connection, request):
        self.requests.append(request)
        refusal = self.answer(request)
        if refusal is None: return None
        status, body, headers = refusal
        return Response(status, HTTPStatus(status).phrase, Headers({"content-length": str(len(body)), "connection": "close", **headers}), body)

    async def serve(self, socket):
        self.connections += 1
        try: await self.play(socket)
        except Exception as fault: self.faults.append(fault)

    async def __aenter__(self):
        options = {"max_size": None, "ping_interval": None, **self.options}
        self.server = await serve(self.serve, "127.0.0.1", 0, process_request=self.request, **options)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    def check(self):
        if self.faults: raise Fault(f"the server says: {self.faults[0]!r}")

class ByteServer:
    """A server that does what `play(reader, writer)` does with each connection's bytes, and counts them."""

    def __init__(self, play): self.play, self.connections, self.faults = play, 0, []

    async def serve(self, reader, writer):
        self.connections += 1
        try: await self.play(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError): pass
        except Exception as fault: self.faults.append(fault)
        writer.close()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 24)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_): self.server.close()

async def closed_port():
    """A port on which nobody listens."""
    async with ByteServer(None) as server: return server.port

async def exchange(port, request, seconds=PATIENCE):
    """Sends bytes, and returns all that comes until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    async def send():
        try:
            writer.write(request)
            await writer.drain()
        except ConnectionError: pass
    sending, answer = asyncio.create_task(send()), b""
    try:
        async with asyncio.timeout(seconds):
            while block := await reader.read(1 << 20): answer += block
    except ConnectionError: pass
    finally:
        sending.cancel()
        writer.close()
    return answer

def status_of(answer):
    """The status of an HTTP answer; 0 if there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0

def parts_of(answer):
    """The status, the fields by their names in small letters, and the body of an HTTP answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    return status_of(answer), fields, body

def handshake(*fields, target="/v1/realtime?model=gpt-realtime", host="127.0.0.1", key="dGhlIHNhbXBsZSBub25jZQ=="):
    """The bytes of a client's handshake with further fields."""
    lines = [f"GET {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), "Upgrade: websocket", "Connection: Upgrade",
             f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

def frame(opcode, data=b"", final=True, masked=True, reserved=0, length=None):
    """The bytes of a client's frame; `length` is the length that it claims to have."""
    mask = b"\x37\xfa\x21\x3d" if masked else b""
    size = len(data) if length is None else length
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    bit = 0x80 if masked else 0
    if size < 126: head += bytes([bit | size])
    elif size < 1 << 16: head += bytes([bit | 126]) + size.to_bytes(2, "big")
    else: head += bytes([bit | 127]) + size.to_bytes(8, "big")
    if masked: data = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
    return head + mask + data

def close_code(answer):
    """The code of the close frame at the end of what a server sent behind its handshake; None if there is none."""
    rest, code = answer.partition(b"\r\n\r\n")[2], None
    while len(rest) >= 2:
        opcode, size, start = rest[0] & 15, rest[1] & 127, 2
        if size == 126: size, start = int.from_bytes(rest[2:4], "big"), 4
        elif size == 127: size, start = int.from_bytes(rest[2:10], "big"), 10
        if opcode == 8 and size >= 2: code = int.from_bytes(rest[start:start + 2], "big")
        rest = rest[start + size:]
    return code
