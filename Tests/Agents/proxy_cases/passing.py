"""Mode `observe`: every message passes as it is, in both directions, and so do the ends."""
import asyncio, os
from pathlib import Path
from websockets import ConnectionClosed
from .peers import Fault, Proxy, Server, expect, wait_until

ROOT = Path(__file__).parents[3]

def recorded_messages():
    """Every line of the repository's recordings; what is no UTF-8 is a binary message."""
    messages = []
    for path in sorted([*ROOT.glob("Tests/**/*.jsonl"), *ROOT.glob("Examples/**/*.jsonl")]):
        for line in path.read_bytes().split(b"\n"):
            try: messages.append(line.decode())
            except UnicodeDecodeError: messages.append(line)
    return messages

def odd_messages(seed):
    """Large, binary, empty, invalid and non-ASCII messages; a list is sent in fragments."""
    large, longer = (f'{{"type":"input_audio_buffer.append","audio":"{seed * (size << 20)}"}}' for size in (10, 1))
    return ["", b"", b"\x00\xff" * 5000, "no JSON", "[1]", '{"type":', "\u0000", "héllo \U0001f600 \u2028", "x" * 125, "x" * 126,
            "x" * 65535, "x" * 65536, large, [longer[:1000], longer[1000:70000], longer[70000:]], [b"\x01", b"", b"\x02" * 300], ["", ""],
            ['{"type":"respo', 'nse.create"}'], longer.encode()]

def whole(message): return message if not isinstance(message, list) else message[0][:0].join(message)

async def exchange_messages(socket, messages, expected):
    """Sends messages, and takes as many as are expected at the same time."""
    async def send():
        for message in messages: await socket.send(message)
    sending = asyncio.create_task(send())
    for index, message in enumerate(expected):
        found = await socket.recv()
        if type(found) is not type(message) or found != message: raise Fault(
            f"message {index} is {found[:200]!r} of {len(found)} bytes, expected {message[:200]!r} of {len(message)} bytes")
    await sending

async def bytes_both_ways(program):
    recorded = recorded_messages()
    if len(recorded) < 500: raise Fault(f"only {len(recorded)} recorded messages were found")
    of_client, of_server = recorded + odd_messages("A"), odd_messages("B") + list(reversed(recorded))
    whole_client, whole_server = [[whole(message) for message in messages] for messages in (of_client, of_server)]

    async def play(socket):
        await exchange_messages(socket, of_server, whole_client)
        await socket.wait_closed()

    async with Server(play) as server, Proxy(program, server.url, words=["--record", "sessions.jsonl", "--log", "log.jsonl"]) as proxy:
        async with proxy.connect() as socket:
            expect("the extensions", socket.response.headers.get("Sec-WebSocket-Extensions"), None)
            await exchange_messages(socket, of_client, whole_server)
        await wait_until("the server's end", lambda: server.server.connections == set() or server.faults, 5)
        server.check()
        request = server.requests[0]
        expect("the target", request.path, "/v1/realtime?model=gpt-realtime")
        expect("the extensions that the server is offered", request.headers.get("Sec-WebSocket-Extensions"), None)
        await proxy.end()

async def handshake_fields(program):
    """The client's fields reach the server, but for those of its hop; what the server says of the session reaches the client."""
    async def play(socket): await socket.wait_closed()
    def fields(connection, request, response):
        response.headers["x-request-id"], response.headers["openai-processing-ms"] = "req_1", "12"
        response.headers["set-cookie"] = "a=b"
        return response
    async with Server(play, subprotocols=["realtime"], process_response=fields) as server, Proxy(program, server.url) as proxy:
        sent = {"Authorization": "Bearer sk-client", "OpenAI-Safety-Identifier": "hash", "Cookie": "a=1", "X-Many": "1", "TE": "trailers",
                "Connection": "Upgrade, X-Hop", "X-Hop": "secret", "Proxy-Authorization": "Basic eA==", "Keep-Alive": "timeout=5"}
        async with proxy.connect("?model=a%20b&x=1&x=2", additional_headers=sent, subprotocols=["realtime", "openai-beta.v1"]) as socket:
            expect("the subprotocol", socket.subprotocol, "realtime")
            answered = socket.response.headers
            expect("the fields of the answer", (answered.get("x-request-id"), answered.get("openai-processing-ms")), ("req_1", "12"))
        request = server.requests[0]
        expect("the target", request.path, "/v1/realtime?model=a%20b&x=1&x=2")
        names = ("Authorization", "OpenAI-Safety-Identifier", "Cookie", "X-Many")
        expect("the fields", {name: request.headers.get(name) for name in names}, {name: sent[name] for name in names})
        for name in ("X-Hop", "Proxy-Authorization", "Keep-Alive", "TE"): expect(name, request.headers.get(name), None)
        expect("Connection", request.headers.get_all("Connection"), ["Upgrade"])
        expect("Host", request.headers.get_all("Host"), [f"127.0.0.1:{server.port}"])
        expect("the subprotocols", request.headers["Sec-WebSocket-Protocol"].replace(" ", "").split(","), ["realtime", "openai-beta.v1"])
        await proxy.end()

# Ends.

async def close_without_code(socket):
    async with socket.send_context(): socket.protocol.send_close()

async def abort(socket): socket.transport.abort()

def closes(code, reason=""):
    async def close(socket): await socket.close(code, reason)
    return close

# What one side does, and what the other sees; a reason of None may be any.
ENDS = [
    (closes(1000), (1000, "")), (closes(1000, "done"), (1000, "done")), (closes(1001, "session expired"), (1001, "session expired")),
    (closes(1008, "policy"), (1008, "policy")), (closes(1011, "é" * 61), (1011, "é" * 61)), (closes(3000, "mine"), (3000, "mine")),
    (closes(4999, "x" * 123), (4999, "x" * 123)), (close_without_code, (1011, None)), (abort, (1011, None)),
]

def close_seen(socket, reason): return socket.close_code, socket.close_reason if reason is not None else None

async def ends_pass(program):
    """Both sides close in each way, right behind 20 messages, which must arrive before the end."""
    acts, seen = [], []

    async def play(socket):
        end = acts.pop(0)
        if end: return await send_and_end(socket, end)
        seen.append(([message async for message in whole_stream(socket)], socket))

    async def send_and_end(socket, end):
        for index in range(20): await socket.send(f"{index}" * 1000)
        await end(socket)

    async def whole_stream(socket):
        try:
            while True: yield await socket.recv()
        except ConnectionClosed: pass

    sent = [f"{index}" * 1000 for index in range(20)]
    async with Server(play) as server, Proxy(program, server.url) as proxy:
        for number, (end, (code, reason)) in enumerate(ENDS):
            acts.append(end)
            async with proxy.connect() as socket:
                expect(f"what the client gets before end {number}", [message async for message in whole_stream(socket)], sent)
                expect(f"how end {number} looks to the client", close_seen(socket, reason), (code, reason))
            acts.append(None)
            async with proxy.connect() as socket: await send_and_end(socket, end)
            await wait_until(f"the server to see end {number}", lambda: seen, 10)
            messages, socket = seen.pop()
            if end is not abort: expect(f"what the server gets before end {number}", messages, sent)
            expect(f"how end {number} looks to the server", close_seen(socket, reason), (code, reason))
        server.check()
        await proxy.end()

async def slow_reader(program):
    """A client that does not read stops the server, and the proxy's memory does not grow."""
    sent, block = [0], "x" * (1 << 20)
    async def play(socket):
        for _ in range(100):
            await socket.send(block)
            sent[0] += 1
        await socket.close()

    async with Server(play) as server, Proxy(program, server.url) as proxy:
        socket = await proxy.connect(max_queue=1)
        await asyncio.sleep(0.7)
        before = sent[0]
        if before > 60: raise Fault(f"the server sent {before} MB to a client that does not read")
        size = int(Path(f"/proc/{proxy.process.pid}/status").read_text().split("VmRSS:")[1].split()[0]) >> 10 if os.path.exists("/proc/self") else 0
        if size > 300: raise Fault(f"the proxy has {size} MB")
        count = 0
        try:
            while await socket.recv() == block: count += 1
        except ConnectionClosed: pass
        expect("the messages in the end", (count, socket.close_code), (100, 1000))
        await proxy.end()

CASES = [bytes_both_ways, handshake_fields, ends_pass, slow_reader]
