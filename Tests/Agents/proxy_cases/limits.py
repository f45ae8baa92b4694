"""Limits of the proxy: the number of sessions, clients that leave early, peers that give no sign of life, and keys of sessions."""
import asyncio, os
from contextlib import AsyncExitStack
from .peers import Fault, Proxy, Server, exchange, expect, handshake, parts_of, wait_until

async def echo(socket):
    async for message in socket: await socket.send(message)

async def too_many_clients(program):
    """Beyond max_sessions clients are told to come later; one that leaves makes room."""
    async with Server(echo) as server, Proxy(program, server.url, source={"max_sessions": 3}) as proxy, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(proxy.connect()) for _ in range(3)]
        for _ in range(5):
            status, fields, body = parts_of(await exchange(proxy.port, handshake()))
            expect("the answer", (status, fields.get("retry-after"), body), (503, "5", b"too many sessions\n"))
        expect("the sessions", server.connections, 3)
        await sockets[0].close()
        await asyncio.sleep(0.3)
        async with proxy.connect() as socket:
            await socket.send("hello")
            expect("the echo", await asyncio.wait_for(socket.recv(), 5), "hello")
        for socket in sockets: await socket.close()
        await proxy.end()

async def clients_leave_during_the_handshake(program):
    """Clients that leave while the server is asked take no room, and leave no session behind."""
    async def play(socket): await socket.wait_closed()
    async def answer_late(connection, request, response): await asyncio.sleep(0.005)
    async with Server(play, process_response=answer_late) as server, Proxy(program, server.url, source={"max_sessions": 30}) as proxy:
        async def leave(delay, abort):
            _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(handshake())
            await asyncio.sleep(delay)
            writer.transport.abort() if abort else writer.close()
        for _ in range(3):
            await asyncio.gather(*(leave(index % 10 / 1000, index % 2) for index in range(30)))
            await asyncio.sleep(0.3)
        await wait_until("the server's sessions to end", lambda: not server.server.connections, 10)
        async with proxy.connect(): pass
        await proxy.end()

async def silent_peers(program):
    """A client that answers pings stays, however long it says nothing; one that does not is given up, and its server is told 1011."""
    seen = []
    async def play(socket):
        await socket.wait_closed()
        seen.append(socket.close_code)

    async with Server(play) as server, Proxy(program, server.url, source={"ping": "1s"}) as proxy, proxy.connect() as quiet:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(handshake())
        await wait_until("the silent client to be given up", lambda: seen, 10)
        expect("what its server sees", seen, [1011])
        writer.close()
        await asyncio.sleep(1)
        await quiet.send("hello")
        expect("that the quiet client stays", quiet.close_code, None)
        await quiet.close()
        await proxy.end()

KEYS = ["../up", "..%2F..%2Fup", "/etc/x", "a/b", ".", "..", "", "x" * 500, "h%C3%A9", "a%00b", "%1b[31m", "same", "same", "same%232", "%ff", "{session}"]

async def odd_keys(program):
    """Whatever a client gives as its key, its session is served, and all files are in their folder."""
    routes = "version: 1\nhandlers: { words: { type: transcript, output: \"out/{session}.jsonl\" } }\nroutes: [ { name: words, to: words } ]\n"
    async with Server(echo) as server, Proxy(program, server.url, routes=routes, source={"session_key_from": {"query": "key"}},
                                             words=["--record", "out/{session}.rec"]) as proxy, AsyncExitStack() as stack:
        for key in KEYS:
            socket = await stack.enter_async_context(proxy.connect(f"?model=m&key={key}"))
            await socket.send('{"type":"input_audio_buffer.clear"}')
            await asyncio.wait_for(socket.recv(), 5)
        await stack.aclose()
        await proxy.end()
        expect("the files outside", sorted(os.listdir(proxy.folder)), ["out", "routes.yml"])
        recordings = [name for name in os.listdir(f"{proxy.folder}/out") if name.endswith(".rec")]
        expect("the recordings", len(recordings), len(KEYS))
        if b"\x1b" in proxy.errors: raise Fault("a control character is printed")

CASES = [too_many_clients, clients_leave_during_the_handshake, silent_peers, odd_keys]
