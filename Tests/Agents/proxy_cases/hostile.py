"""A thousand hostile handshakes and messages: none gets through, and no secret is written."""
import asyncio, random
from .api import Agent, Api, say
from .peers import (ByteServer, Fault, Proxy, Server, close_code, exchange, expect, frame, handshake, status_of)
from .planted import FIELDS, PROTOCOLS, QUERY, SECRETS, check_nothing_is_written

LIMIT = 64 << 10
ROUTES = """\
version: 1
handlers:
  words: { type: transcript, output: "{session}.jsonl" }
  all: { type: command, command: [/bin/cat] }
routes: [ { name: words, to: words }, { name: everything, match: { type: [ { exists: true } ] }, to: all } ]
"""
SOURCE = {"origins": ["https://good.example"], "max_message": "64KiB", "session_key_from": {"query": "call_sid"},
          "labels_from": {"tenant": {"header": "X-Tenant"}}}
WORDS = ["--record", "sessions.jsonl", "--log", "log.jsonl", "--summary", "json"]
PROTOCOL_FIELD = f"Sec-WebSocket-Protocol: {', '.join(PROTOCOLS)}"

# Handshakes.

ORIGINS = ["https://evil.example", "null", "", "http://good.example", "https://good.example:8443", "https://good.example.evil.example",
           "https://evilgood.example", "https://good.example/", "https://good.example https://evil.example", "file://", "http://127.0.0.1",
           "http://localhost", "chrome-extension://abcdef", "https://good.example\t,https://evil.example", "https://good\u00a0.example"]
HOSTS = ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "localhost:80:80", "a b", "user@localhost",
         "localhost/x", "localhost?x", "localhost#x", "", "[::1", "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1, evil.example", "evil.example@127.0.0.1",
         "0x7f.1", "2130706433", "localhost\\evil", "api.openai.com", None]
FIELD_TRICKS = [
    ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 0"], ["Transfer-Encoding: chunked, identity"],
    ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5", "Content-Length: 5"], ["Content-Length: 5, 6"], ["Content-Length: +5"],
    ["Content-Length: -1"], ["Content-Length: 0x5"], ["Content-Length: 99999999999999999999"], ["Content-Length : 5"],
    ["Transfer-Encoding : chunked"], ["Transfer-Encoding: xchunked", "Content-Length: 5"], ["Transfer-Encoding:\x0bchunked"],
    ["X-A: 1\nX-B: 2"], ["X-A: 1\n\nGET /v1/realtime HTTP/1.1"], ["X-A: 1\rX-B: 2"], ["X-A: a\x00b"], ["X\x00A: b"], ["X A: b"], [": b"], ["no colon"],
    [" X-A: first"], ["X-A: \x01"], ["X-A: \x7f"], ["X(A): b"], ["X-\xe9: b"], ["Host: 127.0.0.1"], ["Host: evil.example"], ["Host : evil.example"],
    ["Origin: https://good.example", "Origin: https://evil.example"], [f"X-{index}: 1" for index in range(200)], ["X-A: " + "a" * (1 << 20)],
    ["X-" + "a" * (1 << 20) + ": 1"], [f"X-{index}: {'a' * 100}" for index in range(10000)],
]
# They are for a WebSocket only: a plain request may have a body, or another method.
UPGRADE_TRICKS = [["Content-Length: 5"], ["Transfer-Encoding: chunked"]]
# They are for a Realtime session only: other paths pass unread.
SESSION_TRICKS = [["Sec-WebSocket-Version: 8"], ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], ["Sec-WebSocket-Version: 13, 8"]]
LINES = [
    "GET http://evil.example/v1/realtime HTTP/1.1", "GET https://127.0.0.1/v1/realtime HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1", "OPTIONS * HTTP/1.1",
    "GET evil HTTP/1.1", "GET /v1/real time HTTP/1.1", "GET /v1/r\xe9altime HTTP/1.1", "GET /v1/realtime\x01 HTTP/1.1", "GET /v1/realtime HTTP/1.0",
    "GET /v1/realtime HTTP/2.0", "GET /v1/realtime HTTP/9.9", "PRI * HTTP/2.0", "get /v1/realtime HTTP/1.1", "POST /v1/realtime HTTP/1.1",
    "EVIL /v1/realtime HTTP/1.1", "GET /v1/realtime", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "\x00" * 100, "GET /" + "a" * (1 << 20) + " HTTP/1.1",
]

def plain(target, *fields, host="127.0.0.1"):
    lines = [f"GET {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

def with_line(line): return line.encode("latin-1") + b"\r\n" + handshake(*FIELDS).partition(b"\r\n")[2]

def hostile_requests():
    """The bytes of hostile handshakes and plain requests; each has the secrets."""
    kinds = [lambda *fields, **options: handshake(*FIELDS, PROTOCOL_FIELD, *fields, target="/v1/realtime" + QUERY, **options),
             lambda *fields, **options: handshake(*FIELDS, *fields, target="/v1/live/sessions" + QUERY, **options),
             lambda *fields, **options: plain("/v1/models" + QUERY, *FIELDS, *fields, **options)]
    requests = []
    for number, kind in enumerate(kinds):
        requests += [kind(f"Origin: {origin}") for origin in ORIGINS] + [kind(host=host) for host in HOSTS]
        requests += [kind(*fields) for fields in FIELD_TRICKS]
        if number < 2: requests += [kind(*fields) for fields in UPGRADE_TRICKS]
        if number == 0: requests += [kind(*fields) for fields in SESSION_TRICKS] + [kind(key=key) for key in ("", "short", "!" * 24, "a" * 100)]
        # What stands before the first field is no continuation of one.
        requests.append(kind().replace(b"\r\nHost", b"\r\n X-Fold: 1\r\nHost", 1))
        requests.append(kind().replace(b"\r\n", b"\n"))
        requests.append(kind().replace(b"\r\n", b"\r\r\n", 1))
    return requests + [with_line(line) for line in LINES]

async def run_all(jobs, width=24):
    """Runs jobs, some of them at a time."""
    gate = asyncio.Semaphore(width)
    async def run(job):
        async with gate: await job
    await asyncio.gather(*(run(job) for job in jobs))

async def hostile_handshakes(program):
    """More than 700 requests that are refused, or closed, or wait for their end; nothing of them reaches the server."""
    passed = set()
    async def play(reader, writer): passed.add(await reader.readuntil(b"\r\n\r\n"))
    async with ByteServer(play) as server, Proxy(program, server.url, source=SOURCE, routes=ROUTES, words=WORDS) as proxy:
        async def attack(request):
            try: answer = await exchange(proxy.port, request, seconds=1.5)
            except TimeoutError: answer = b""
            if answer and not 400 <= status_of(answer) < 500: passed.add(request[:300] + b" was answered with " + answer[:200])
        requests = hostile_requests() * 3
        random.Random(18).shuffle(requests)
        await run_all([attack(request) for request in requests])
        if len(requests) < 700: raise Fault(f"only {len(requests)} requests were made")
        if passed: raise Fault(f"{server.connections} of {len(requests)} got through:\n" + "\n".join(map(repr, sorted(passed)[:10])))
        expect("the connections to the server", server.connections, 0)
        expect("that the proxy lives", proxy.lives(), True)
        await proxy.end()
        check_nothing_is_written(proxy)

# Messages.

BROKEN_TEXTS = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"{\"type\":\"\x80\"}", b"caf\xc3", b"\xe2\x82", b"\xf8\x88\x80\x80\x80"]
# Frames, and the codes of the close frame that may answer.
BROKEN = [
    *[([frame(1, b"{}", masked=False)], {1002})], *[([frame(1, b"{}", reserved=bits)], {1002}) for bits in range(1, 8)],
    *[([frame(opcode, b"{}")], {1002}) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)], ([frame(9, b"x", final=False)], {1002}),
    ([frame(9, b"x" * 126)], {1002}), ([frame(8, b"x" * 126)], {1002}), ([frame(0, b"x")], {1002}), ([frame(0, b"x", final=False)], {1002}),
    ([frame(1, b"x", final=False), frame(1, b"y")], {1002}), ([frame(1, b"x", final=False), frame(2, b"y")], {1002}), ([frame(8, b"x")], {1002}),
    *[([frame(8, code.to_bytes(2, "big"))], {1002}) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)],
    ([frame(8, b"\x03\xe8\xff\xfe")], {1002, 1007}), *[([frame(1, text)], {1007}) for text in BROKEN_TEXTS],
    ([frame(1, b"\xe2", final=False), frame(0, b"\x82", final=False), frame(0, b"x")], {1007}),
    ([frame(1, b"x" * (LIMIT + 1))], {1009}), ([frame(2, b"x" * (LIMIT + 1))], {1009}), ([frame(1, length=1 << 40)], {1009}),
    ([frame(1, length=(1 << 63) + 5)], {1002, 1009}), ([frame(1, b"x" * 40000, final=False), frame(0, b"x" * 40000)], {1009}),
    ([frame(1, b"", final=False)] + [frame(0, b"x" * 1000, final=False)] * 70, {1009}),
]

async def hostile_messages(program):
    """Frames that break the protocol end their session with the right code, and nothing of them reaches the server."""
    messages, wrong = [], []
    async def play(socket):
        async for message in socket: await (socket.send(message) if message == "hello" else note(message))
    async def note(message): messages.append(message)

    async with Server(play) as server, Proxy(program, server.url, source=SOURCE, routes=ROUTES, words=WORDS) as proxy:
        async def attack(frames, codes):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(handshake(*FIELDS, target="/v1/realtime" + QUERY) + b"".join(frames))
            answer = b""
            try:
                async with asyncio.timeout(8):
                    while block := await reader.read(65536):
                        answer += block
                        if close_code(answer): break
            except (TimeoutError, ConnectionError): pass
            writer.close()
            if close_code(answer) not in codes:
                wrong.append(f"{b''.join(frames)[:30]!r} was answered with {answer[:12]!r} and {close_code(answer)}, expected {codes}")
        await run_all([attack(*each) for each in BROKEN * 4])
        expect("the sessions", server.connections, len(BROKEN) * 4)
        if wrong or messages: raise Fault(f"{len(messages)} messages got through; " + "\n".join(sorted(set(wrong))))
        await good_session(proxy)
        await proxy.end()
        check_nothing_is_written(proxy)

async def good_session(proxy):
    """A client that does right is served, in a browser of an allowed page too."""
    async with proxy.connect(origin="https://good.example") as socket:
        await socket.send("hello")
        expect("the echo", await asyncio.wait_for(socket.recv(), 5), "hello")

async def slow_handshakes(program):
    """Clients that send a byte now and then are refused in time, and keep nobody else out."""
    async def play(socket):
        async for message in socket: await socket.send(message)

    async with Server(play) as server, Proxy(program, server.url, source=SOURCE) as proxy:
        async def crawl(request):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            async def send():
                for byte in request:
                    writer.write(bytes([byte]))
                    await asyncio.sleep(0.5)
            sending = asyncio.create_task(send())
            try: answer = await asyncio.wait_for(reader.read(-1), 20)
            except ConnectionError: answer = b""
            finally: sending.cancel()
            writer.close()
            expect_refused(answer)
        def expect_refused(answer):
            if answer and not 400 <= status_of(answer) < 500: raise Fault(f"a slow handshake was answered with {answer[:200]}")
        crawling = asyncio.gather(*(crawl(request) for request in [handshake(), plain("/v1/models"), b"", b"\x16\x03\x01"] * 15))
        for _ in range(5):
            async with proxy.connect() as socket:
                await socket.send("hello")
                expect("the echo", await asyncio.wait_for(socket.recv(), 2), "hello")
            await asyncio.sleep(2)
        await crawling
        expect("the sessions", server.connections, 5)
        await proxy.end()

# Secrets in a good session.

async def secrets_of_a_session(program):
    """What a client shows of itself, what its tools hold, and what the server quotes of it is written nowhere."""
    class Quoting(Api):
        async def update(self, event):
            await self.refuse(event, "invalid_api_key", f"Incorrect API key provided: {SECRETS['Authorization']}.")
            self.session["client_secret"] = {"value": SECRETS["session"], "expires_at": 1}
            await super().update(event)
    api = Quoting([say("Hello.")])
    mcp = {"type": "mcp", "server_label": "crm", "server_url": "https://crm.example/mcp", "authorization": SECRETS["tool"],
           "headers": {"X-Key": SECRETS["tool"]}}
    fields = dict(field.split(": ", 1) for field in FIELDS)
    async with Server(api.play, subprotocols=["realtime"]) as server, Proxy(program, server.url, source=SOURCE, routes=ROUTES, words=WORDS) as proxy:
        async with proxy.connect(QUERY, additional_headers={**fields, "X-Tenant": "acme"}, subprotocols=PROTOCOLS) as socket:
            agent = Agent(socket)
            await agent.update(tools=[mcp])
            await agent.ask("Hello?")
            await agent.wait("response.done", 1)
        await proxy.end()
        server.check()
        expect("the secrets that the server got", [server.requests[0].headers[name] for name in ("Authorization", "api-key", "Cookie")],
               [fields[name] for name in ("Authorization", "api-key", "Cookie")])
        check_nothing_is_written(proxy)
        written = b"".join(data for _, data in proxy.files())
        for wanted in (b'"CA1"', b'"acme"', b"gpt-realtime"):
            if wanted not in written: raise Fault(f"{wanted} is written nowhere")

CASES = [hostile_handshakes, hostile_messages, secrets_of_a_session]
WAITING = [slow_handshakes]
