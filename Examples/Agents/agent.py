#!/usr/bin/env python3
"""An agent with a connection of its own, and the router beside it. Needs: pip install websockets"""
import asyncio, contextlib, json, os
from asyncio.subprocess import PIPE
from websockets import ConnectionClosed, connect

URL = os.environ.get("REALTIME_URL", "wss://api.openai.com/v1/realtime?model=gpt-realtime")
HEADERS = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
ROUTER = "realtime-router run - --live --session-key call-7 --outbound - --routes agents.yml".split()

async def main():
    router = await asyncio.create_subprocess_exec(*ROUTER, stdin=PIPE, stdout=PIPE, limit=1 << 24)
    async with connect(URL, additional_headers=HEADERS, max_size=None) as socket:

        async def tell_router(line):
            with contextlib.suppress(ConnectionError):  # without its router the call goes on
                router.stdin.write(line.encode() + b"\n")
                await router.stdin.drain()

        async def send(event):  # everything that the agent itself sends
            await tell_router(json.dumps({"direction": "client", "event": event}))
            await socket.send(json.dumps(event))

        async def send_answers():
            with contextlib.suppress(ConnectionClosed):
                async for line in router.stdout:
                    await socket.send(line.decode())

        answers = asyncio.create_task(send_answers())
        transcription = {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}
        await send({"type": "session.update", "session": {"type": "realtime", "audio": transcription}})
        async for message in socket:
            await tell_router(message)
            # What the agent does with the event: it plays audio, shows words, and so on.
    router.stdin.close()
    await asyncio.gather(answers, router.wait())

asyncio.run(main())
