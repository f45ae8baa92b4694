"""SIGTERM: nobody is taken in any more, and sessions go on until they end, or a second signal ends them."""
import asyncio, signal
from contextlib import AsyncExitStack
from websockets import connect
from .peers import PATIENCE, Proxy, Server, closed_port, exchange, expect, handshake, parts_of, status_of, wait_until

SESSIONS = 50

async def echo(socket):
    """Sends back what comes; closes when it is told to."""
    async for message in socket:
        if message == "close": return await socket.close(4000, "done")
        await socket.send(message)

async def all_echo(sockets, text):
    for socket in sockets: await socket.send(text)
    for socket in sockets: expect("the echo", await asyncio.wait_for(socket.recv(), 10), text)

async def is_ready(port): return status_of(await exchange(port, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
async def is_healthy(port): return status_of(await exchange(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))

async def unavailable(port):
    """What a further client is told."""
    status, fields, _ = parts_of(await exchange(port, handshake()))
    return status, fields.get("retry-after", "").isdigit()

async def sessions_outlast_a_signal(program):
    """Fifty sessions go on for longer than other work has, and the program ends with the last one."""
    health = await closed_port()
    async with Server(echo) as server, Proxy(program, server.url, source={"health": f"127.0.0.1:{health}"}) as proxy, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(proxy.connect()) for _ in range(SESSIONS)]
        expect("the readiness and the health", (await is_ready(health), await is_healthy(health)), (200, 200))
        proxy.signal()
        await asyncio.sleep(0.3)
        for second in range(6):
            await all_echo(sockets, f"second {second}")
            expect("what a further client is told", await unavailable(proxy.port), (503, True))
            expect("the readiness and the health", (await is_ready(health), await is_healthy(health)), (503, 200))
            await asyncio.sleep(2)
        for socket in sockets[:SESSIONS // 2]: await socket.send("close")
        for socket in sockets[:SESSIONS // 2]: await socket.wait_closed()
        expect("the codes of the server's closes", {(socket.close_code, socket.close_reason) for socket in sockets[:SESSIONS // 2]}, {(4000, "done")})
        await all_echo(sockets[SESSIONS // 2:], "still here")
        for socket in sockets[SESSIONS // 2:-1]: await socket.close()
        await asyncio.sleep(0.5)
        expect("that the program waits for the last session", proxy.lives(), True)
        await all_echo(sockets[-1:], "the last one")
        await sockets[-1].close()
        expect("the exit status", await proxy.wait(10), 143)
        server.check()
        expect("the sessions at the server", server.connections, SESSIONS)

async def second_signal_closes(program):
    """A second signal closes with 1012, and soon ends the program."""
    ends = []
    async def play(socket):
        await echo(socket)
        ends.append(socket.close_code)

    async with Server(play) as server, Proxy(program, server.url) as proxy, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(proxy.connect()) for _ in range(SESSIONS)]
        proxy.signal()
        await asyncio.sleep(0.3)
        await all_echo(sockets, "hello")
        proxy.signal()
        for socket in sockets: await asyncio.wait_for(socket.wait_closed(), 5)
        expect("the codes of the closes", {socket.close_code for socket in sockets}, {1012})
        expect("the exit status", await proxy.wait(10), 143)
        await wait_until("the server's ends", lambda: len(ends) == SESSIONS, 5)
        expect("the codes that the server sees", set(ends), {1000})

async def second_signal_ends_what_passes_unread(program):
    """A second signal ends a WebSocket of an unknown path too."""
    async with Server(echo) as server, Proxy(program, server.url) as proxy:
        async with connect(f"{proxy.base}/live/sessions", proxy=None) as socket:
            proxy.signal()
            await asyncio.sleep(0.3)
            await all_echo([socket], "hello")
            proxy.signal()
            expect("the exit status", await proxy.wait(5), 143)

async def third_signal_ends(program):
    """A third signal ends the program at once."""
    async with Server(echo) as server, Proxy(program, server.url) as proxy, AsyncExitStack() as stack:
        await stack.enter_async_context(proxy.connect())
        for _ in range(3):
            if proxy.lives(): proxy.signal()
            await asyncio.sleep(0.1)
        expect("the exit status", await proxy.wait(5), 143)

async def interrupted_without_sessions(program):
    """Without sessions it ends at once, at an interrupt with 130."""
    async with Server(echo) as server, Proxy(program, server.url) as proxy:
        async with proxy.connect(): pass
        await asyncio.sleep(0.2)
        proxy.process.send_signal(signal.SIGINT)
        expect("the exit status", await proxy.wait(5), 130)

async def short_shutdown(program):
    """With a shutdown_timeout of a second the sessions end with 1012 behind it."""
    routes = "version: 1\nshutdown_timeout: 1s\nhandlers: { words: { type: transcript, output: transcript.jsonl } }\nroutes: [ { name: words, to: words } ]\n"
    async with Server(echo) as server, Proxy(program, server.url, routes=routes) as proxy:
        async with proxy.connect() as socket:
            proxy.signal()
            await asyncio.sleep(0.3)
            await all_echo([socket], "hello")
            await asyncio.wait_for(socket.wait_closed(), 5)
            expect("the code of the close", socket.close_code, 1012)
        expect("the exit status", await proxy.wait(PATIENCE), 143)

CASES = [second_signal_closes, second_signal_ends_what_passes_unread, third_signal_ends, interrupted_without_sessions, short_shutdown]
WAITING = [sessions_outlast_a_signal]
