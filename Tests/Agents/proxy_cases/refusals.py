"""What the server refuses is refused to the client, and requests that begin no Realtime session pass unread."""
import asyncio, gzip, json, os, time
from websockets import InvalidStatus, connect
from .peers import ByteServer, Fault, Proxy, Server, closed_port, exchange, expect, handshake, parts_of

def error(text, code): return json.dumps({"error": {"message": text, "type": "invalid_request_error", "code": code}}).encode()

JSON = {"content-type": "application/json"}
# A refusal of the server, and the fields of it that the client must see.
REFUSALS = [
    (401, error("Incorrect API key provided: sk-te**-key.", "invalid_api_key"), {**JSON, "x-request-id": "req_1"}),
    (403, error("Country not supported", "unsupported_country"), {**JSON, "x-request-id": "req_2"}),
    (404, error("No session found for call_id", "call_id_not_found"), {**JSON, "x-request-id": "req_3"}),
    (429, error("Rate limit reached", "rate_limit_exceeded"), {**JSON, "x-request-id": "req_4", "retry-after": "7"}),
    (429, error("Rate limit reached", "rate_limit_exceeded"), {**JSON, "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}),
    (429, b"", {"retry-after": "1e300"}), (418, b"x" * 30000, {"content-type": "text/plain"}),
    (500, b"<h1>Sorry \xff</h1>", {"content-type": "text/html"}),
    (503, gzip.compress(b'{"error":{"message":"busy"}}'), {**JSON, "content-encoding": "gzip", "retry-after": "1"}),
]

async def refusal_is_the_clients(program):
    async def play(socket): pass
    waiting = list(REFUSALS)
    async with Server(play, lambda request: waiting[0]) as server, Proxy(program, server.url) as proxy:
        faults = []
        for status, body, fields in REFUSALS:
            found = parts_of(await exchange(proxy.port, handshake("Authorization: Bearer sk-x")))
            try: expect(f"the {status}", (found[0], {name: found[1].get(name) for name in fields}, found[2]), (status, fields, body))
            except Fault as fault: faults.append(str(fault))
            waiting.pop(0)
        if faults: raise Fault("\n".join(faults))
        expect("the sessions", server.connections, 0)
        await proxy.end()

async def redirect_is_not_followed(program):
    async def play(socket): pass
    async with Server(play) as other:
        redirects = [(status, b"", {"location": f"http://127.0.0.1:{other.port}/v1/realtime"}) for status in (301, 302, 303, 307, 308)]
        async with Server(play, lambda request: redirects[0]) as server, Proxy(program, server.url) as proxy:
            while redirects:
                status, fields, _ = parts_of(await exchange(proxy.port, handshake()))
                expect(f"the answer to a {redirects[0][0]}", (status, fields.get("location")), (502, None))
                redirects.pop(0)
            expect("the requests at the other server", len(other.requests), 0)
            await proxy.end()

async def broken_server(program):
    """A server that is not there, hangs up, speaks no HTTP, or gives a wrong answer to the handshake: 502."""
    answers = [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               b"Sec-WebSocket-Accept: wrong\r\n\r\n"]
    async def play(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))

    async with ByteServer(play) as server, Proxy(program, server.url) as proxy:
        while answers: expect(f"the answer to {answers[0]}", parts_of(await exchange(proxy.port, handshake()))[0], 502)
        await proxy.end()
    port = await closed_port()
    async with Proxy(program, f"ws://127.0.0.1:{port}") as proxy:
        status, _, body = parts_of(await exchange(proxy.port, handshake()))
        expect("the answer without a server", (status, body.decode()),
               (502, f"the server: cannot connect to 127.0.0.1:{port}: Connection refused\n"))
        await proxy.end()

async def silent_server(program):
    """A server that never answers: 504, and within 15 s."""
    async def play(reader, writer): await reader.read()
    async with ByteServer(play) as server, Proxy(program, server.url) as proxy:
        began = time.monotonic()
        expect("the answer", parts_of(await exchange(proxy.port, handshake()))[0], 504)
        expect("that it came within 15 s", time.monotonic() - began < 15, True)
        await proxy.end()

async def second_server(program):
    """Where the first server is down or has a fault, the second one is asked; what the first refuses is refused."""
    async def play(socket):
        async for message in socket: await socket.send(message)
    down, answers = f"ws://127.0.0.1:{await closed_port()}", []
    async with Server(play, lambda request: answers[0] if answers else None) as first, Server(play) as second:
        async def echo(*urls):
            async with Proxy(program, *urls) as proxy:
                async with proxy.connect() as socket:
                    await socket.send("hello")
                    expect("the echo", await socket.recv(), "hello")
                await proxy.end()
        await echo(down, second.url)
        answers[:] = [(503, b"busy", {})]
        await echo(first.url, second.url)
        expect("the sessions", (first.connections, second.connections), (0, 2))
        answers[:] = [(401, b"no", {})]
        async with Proxy(program, first.url, second.url) as proxy:
            expect("the refusal", parts_of(await exchange(proxy.port, handshake()))[0], 401)
            await proxy.end()
        expect("the sessions after a refusal", second.connections, 2)

# Requests that are not read.

class Requests:
    """Takes a request with a body of a known length, and gives an answer."""

    def __init__(self, answer): self.answer, self.head, self.body, self.continues = answer, b"", b"", False

    async def play(self, reader, writer):
        self.head = await reader.readuntil(b"\r\n\r\n")
        if self.continues: writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.body = b""
        if b"chunked" in self.head:
            while not self.body.endswith(b"0\r\n\r\n"): self.body += await reader.read(65536)
        for line in self.head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"): self.body = await reader.readexactly(int(line.split(b":")[1]))
        writer.write(self.answer)
        await writer.drain()

def fields_of(head, *without): return [line for line in head.split(b"\r\n") if line.partition(b":")[0].lower() not in without]

OF_HOP = (b"host", b"connection")
ANSWER = b"HTTP/1.1 201 Created\r\nX-Odd:  two  blanks\r\nconnection: close\r\nContent-Length: 5\r\n\r\nhello"
MODELS = b"GET /v1/models?limit=2&after=a%20b HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer sk-x\r\nX-Case: KEPT\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n"

async def plain_request(program, request, body=b"", answer=ANSWER):
    seen = Requests(answer)
    async with ByteServer(seen.play) as server, Proxy(program, server.url) as proxy:
        found = await exchange(proxy.port, request + body)
        expect("the answer", found, answer)
        expect("the request", fields_of(seen.head, *OF_HOP), fields_of(request, *OF_HOP))
        if seen.body != body: raise Fault(f"the body has {len(seen.body)} bytes, expected {len(body)}")
        await proxy.end()

def post(body, *fields): return b"\r\n".join([b"POST /v1/realtime/client_secrets HTTP/1.1", b"Host: localhost:80", *fields, b"", b""])

async def get_with_query(program): await plain_request(program, MODELS)

async def large_post(program):
    body = os.urandom(5 << 20)
    await plain_request(program, post(body, b"Content-Length: %d" % len(body)), body)

async def chunked_post(program):
    body = b"".join(b"%x\r\n%s\r\n" % (size, os.urandom(size)) for size in (1, 70000, 300)) + b"0\r\n\r\n"
    await plain_request(program, post(body, b"Transfer-Encoding: chunked"), body)

async def large_answer(program):
    body = os.urandom(20 << 20)
    await plain_request(program, MODELS, answer=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

async def answer_until_the_end(program):
    await plain_request(program, MODELS, answer=b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: [DONE]\n\n")

async def expects_continue(program):
    """The body is sent only when the server wants it."""
    seen = Requests(ANSWER)
    seen.continues = True
    async with ByteServer(seen.play) as server, Proxy(program, server.url) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(post(b"", b"Content-Length: 4", b"Expect: 100-continue"))
        expect("the first answer", await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5), b"HTTP/1.1 100 Continue\r\n\r\n")
        writer.write(b"body")
        expect("the answer", await asyncio.wait_for(reader.read(-1), 5), ANSWER)
        expect("the body", seen.body, b"body")
        writer.close()
        await proxy.end()

async def plain_request_to_second_server(program):
    seen, down = Requests(ANSWER), f"ws://127.0.0.1:{await closed_port()}"
    async with ByteServer(seen.play) as server, Proxy(program, down, server.url) as proxy:
        expect("the answer", await exchange(proxy.port, MODELS), ANSWER)
        await proxy.end()

async def unknown_path(program):
    """A WebSocket of another path passes unread, what both sides agree on included, and is said once."""
    async def play(socket):
        async for message in socket: await socket.send(message)
        await socket.close(4000, "bye")

    async with Server(play) as server, Proxy(program, server.url) as proxy:
        for path in ("/live/sessions?model=m", "/live/sessions", "/realtime/sessions/s_1"):
            async with connect(proxy.base + path, max_size=None, proxy=None) as socket:
                if "deflate" not in socket.response.headers.get("Sec-WebSocket-Extensions", ""): raise Fault("no compression was agreed on")
                for message in ("hello", b"\x00\xff", "", "x" * 300000):
                    await socket.send(message)
                    expect("the echo", await socket.recv(), message)
                await socket.close(4001, "done")
        expect("the targets", [request.path for request in server.requests],
               ["/v1/live/sessions?model=m", "/v1/live/sessions", "/v1/realtime/sessions/s_1"])
        server.answer = lambda request: (404, b"not here", {"x-request-id": "req_5"})
        try: await connect(f"{proxy.base}/live/sessions", proxy=None)
        except InvalidStatus as refused: expect("the refusal", (refused.response.status_code, refused.response.body), (404, b"not here"))
        await proxy.end()
        expect("how often it is said", proxy.text().count("/v1/live/sessions"), 1)

CASES = [refusal_is_the_clients, redirect_is_not_followed, broken_server, second_server, get_with_query, large_post, chunked_post, large_answer,
         answer_until_the_end, expects_continue, plain_request_to_second_server, unknown_path]
WAITING = [silent_server]
