"""A key of the router's own: clients with tokens, and what these may do."""
import asyncio, hashlib
from contextlib import asynccontextmanager
from .peers import (ByteServer, Fault, Proxy, Server, close_code, exchange, expect, frame, handshake, parts_of, status_of, wait_until)
from .planted import check_nothing_is_written

KEY, TOKEN, OTHER, ONE_MODEL = "sk-own-5c7d9e1f3a2b", "token-8e0f2a4c6d1b", "token-1b3d5f7a9c2e", "token-3f5b7d9a1c4e"
ALLOWED = ["session.update", "response.create", "input_audio_buffer.append"]
TARGET = "/v1/realtime?model=gpt-realtime"

def digest(token): return hashlib.sha256(token.encode()).hexdigest()
def bearer(token): return f"Authorization: Bearer {token}"

def client(name, token, **limits): return {"name": name, "token_sha256": digest(token), **limits}

CLIENTS = [client("web", TOKEN, models=["gpt-realtime"], allow=ALLOWED, max_sessions=2), client("free", OTHER),
           client("one model", ONE_MODEL, models=["gpt-realtime"])]

@asynccontextmanager
async def keyed(program, server, **variables):
    """The proxy with a key of its own, whose secrets must be written nowhere."""
    source = {"api_key": "${OWN_KEY}", "clients": CLIENTS}
    words = ["--record", "sessions.jsonl", "--log", "log.jsonl", "--summary", "json"]
    async with Proxy(program, server.url, source=source, words=words, variables={"OWN_KEY": KEY}) as proxy:
        yield proxy
        await proxy.end()
        check_nothing_is_written(proxy, [KEY, TOKEN, OTHER, ONE_MODEL])

WRONG = [[], [bearer("")], [bearer("wrong")], ["Authorization: Bearer"], [f"Authorization: {TOKEN}"], [f"Authorization: Basic {TOKEN}"], [bearer(TOKEN[:-1])],
         [bearer(TOKEN + "x")], [bearer(TOKEN.upper())], [bearer(digest(TOKEN))], [bearer(KEY)], [f"api-key: {digest(TOKEN)}"], [f"api-key: {KEY}"],
         [f"Cookie: token={TOKEN}"], [f"Cookie: Authorization={TOKEN}"], [f"Sec-WebSocket-Protocol: realtime, {TOKEN}"], [f"X-Authorization: Bearer {TOKEN}"],
         ["Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.wrong"], [f"Sec-WebSocket-Protocol: openai-insecure-api-key.{KEY}"],
         [f"Proxy-Authorization: Bearer {TOKEN}"], [bearer(f"{TOKEN},{OTHER}")], [bearer(f"\x00{TOKEN}")]]
MODELS = ["/v1/realtime", "/v1/realtime?", "/v1/realtime?model=", "/v1/realtime?model=gpt-5", "/v1/realtime?model=gpt-realtime-mini",
          "/v1/realtime?Model=gpt-realtime",
          "/v1/realtime?model=GPT-REALTIME", "/v1/realtime?model=gpt-realtime%00", "/v1/realtime?model=gpt-realtime&model=gpt-5",
          "/v1/realtime?model=gpt-realtime&%6dodel=gpt-5", "/v1/realtime?model=gpt-realtime;model=gpt-5", "/v1/realtime?call_id=rtc_1",
          "/v1/realtime?model=gpt-realtime&call_id=rtc_1"]
PATHS = ["/v1/live/sessions", "/v1/realtime/sessions", "/v1/realtime/client_secrets", "/v1/realtime/../models", "/v1/realtimes", "/", "/v1/realtime/x"]

async def wrong_tokens(program):
    """A client without a known token, for another model, or of another path, is refused before a server is asked."""
    async def play(reader, writer): await reader.read()
    wrong = []
    async with ByteServer(play) as server, keyed(program, server) as proxy:
        async def attack(status, request):
            try: found = status_of(await exchange(proxy.port, request, seconds=1.5))
            except TimeoutError: found = "no answer"
            if found not in status: wrong.append(f"{found} instead of {status}: {request[:300]!r}")
        jobs = [attack((400, 401), handshake(*fields)) for fields in WRONG for _ in range(4)]
        jobs += [attack((400, 403), handshake(bearer(ONE_MODEL), target=target)) for target in MODELS for _ in range(2)]
        jobs += [attack((404,), handshake(bearer(token), target=path)) for path in PATHS for token in (TOKEN, "wrong")]
        jobs += [attack((404,), f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{bearer(TOKEN)}\r\nContent-Length: 0\r\n\r\n".encode())
                 for path in [*PATHS, TARGET] for method in ("GET", "POST", "DELETE")]
        await asyncio.gather(*jobs)
        if wrong or server.connections: raise Fault(f"{server.connections} got through:\n" + "\n".join(sorted(set(wrong))))

async def token_is_not_shown(program):
    """The server gets the router's key in place of the token, wherever that was."""
    async def play(socket): await socket.wait_closed()
    ways = [[bearer(OTHER)], [f"Authorization: bearer {OTHER}"], [f"api-key: {OTHER}"], [f"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{OTHER}"],
            [bearer(OTHER), "Cookie: a=b", "x-api-key: mine", f"api-key: {OTHER}"]]
    def select(socket, offered): return "realtime" if "realtime" in offered else None
    async with Server(play, select_subprotocol=select) as server, keyed(program, server) as proxy:
        for fields in ways:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(handshake(*fields))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            expect(f"the answer to {fields}", status_of(head), 101)
            if KEY.encode() in head: raise Fault(f"the client is shown the key: {head}")
            writer.close()
        for fields, request in zip(ways, server.requests):
            expect(f"the keys that the server gets for {fields}", request.headers.get_all("Authorization"), [f"Bearer {KEY}"])
            text = str(list(request.headers.raw_items())) + request.path
            for secret in (OTHER, "Cookie", "x-api-key", "insecure"):
                if secret in text: raise Fault(f"the server is shown `{secret}`: {text}")

async def too_many_sessions(program):
    """Of 40 clients with one token at the same time two have a session, and the next when one has ended."""
    async def play(socket): await socket.wait_closed()
    async with Server(play) as server, keyed(program, server) as proxy:
        async def begin():
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(handshake(bearer(TOKEN)))
            return parts_of(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)), writer
        begun = await asyncio.gather(*(begin() for _ in range(40)))
        open_ones = [writer for (status, _, _), writer in begun if status == 101]
        expect("the sessions", (len(open_ones), server.connections), (2, 2))
        expect("the refusals", {(status, fields["retry-after"]) for (status, fields, _), _ in begun if status != 101}, {(429, "5")})
        for _, writer in begun:
            if writer not in open_ones: writer.close()
        open_ones[0].close()
        for _ in range(100):
            (status, _, _), writer = await begin()
            if status == 101: break
            writer.close()
            await asyncio.sleep(0.05)
        expect("the answer when one has ended", status, 101)
        async with proxy.connect(additional_headers={"Authorization": f"Bearer {OTHER}"}): pass
        for each in (*open_ones, writer): each.close()

FORBIDDEN = [
    b'{"type":"conversation.item.create","item":{}}', b'{"type":"session.update","type":"conversation.item.create"}',
    b'{"type":"conversation.item.create","type":"session.update"}', b'{"\\u0074ype":"conversation.item.create"}', b'{"type":"Session.update"}',
    b'{"type":"session.update","\\u0074ype":"conversation.item.create"}', b'{"type":"session.update "}', b'{"type":["session.update"]}', b'{"type":null}',
    b"{}", b"",
    b'[{"type":"session.update"}]', b'"session.update"', b'{"type":"session.update"}{"type":"conversation.item.create"}', b'{"type":"session.update"',
    b'\xef\xbb\xbf{"type":"conversation.item.create"}', b"no JSON", b'{"type":"session.update\\u0000"}',
]

async def forbidden_types(program):
    """A type that the token may not send ends the session with 1008; neither it nor what follows reaches the server."""
    got, wrong = [], []
    async def play(socket):
        async for message in socket: got.append(message)

    async with Server(play) as server, keyed(program, server) as proxy:
        async def attack(messages):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(handshake(bearer(TOKEN)) + b"".join(messages))
            answer = b""
            try:
                async with asyncio.timeout(3):
                    while not close_code(answer) and (block := await reader.read(65536)): answer += block
            except TimeoutError: pass
            writer.close()
            if close_code(answer) != 1008: wrong.append(f"{messages} was answered with {answer[-60:]}")
        jobs = [[frame(1, b'{"type":"session.update"}'), frame(opcode, message), frame(1, b'{"type":"response.create"}')]
                for message in FORBIDDEN for opcode in (1, 2)]
        for job in jobs: await attack(job)
        await wait_until("the server's sessions to end", lambda: not server.server.connections, 5)
        expect("the sessions", server.connections, 2 * len(FORBIDDEN))
        expect("what reached the server", set(got), {'{"type":"session.update"}'})
        if wrong: raise Fault("\n".join(wrong))

CASES = [wrong_tokens, token_is_not_shown, too_many_sessions, forbidden_types]
