#!/usr/bin/env python3
"""Runs the agents of Examples/Agents against a server that asks for a function call, and judges what arrives.

usage: check_agents.py ROUTER AGENT...      for example: check_agents.py .build/debug/realtime-router "python3 agent.py" "node agent.mjs"

AGENT is a command line that runs in a copy of Examples/Agents. Needs PyPI's `websockets`.
"""
import asyncio, json, os, shlex, shutil, sys, tempfile
from pathlib import Path
from websockets import ConnectionClosed, serve

EXAMPLES = Path(__file__).resolve().parents[2] / "Examples"
PATIENCE = 120

class Fault(Exception):
    """The agent did something wrong."""

class Play:
    """One session, as the server sees it."""

    def __init__(self):
        self.received, self.number, self.fault = [], 0, "the agent never connected"

    async def send(self, type, **fields):
        self.number += 1
        await self.socket.send(json.dumps({"type": type, "event_id": f"event_{self.number}", **fields}))

    async def wait(self, what, condition):
        """The first event, of those that came and those to come, that a condition holds for."""
        self.fault = f"{what} did not arrive"
        while True:
            for event in self.received:
                if condition(event): return event
            self.received.append(json.loads(await self.socket.recv()))

    async def response(self, id, *output):
        response = {"object": "realtime.response", "id": id, "conversation_id": "conv_1"}
        await self.send("response.created", response={**response, "status": "in_progress", "output": []})
        for index, item in enumerate(output):
            await self.send("response.output_item.added", response_id=id, output_index=index, item={**item, "status": "in_progress"})
            await self.send("response.output_item.done", response_id=id, output_index=index, item=item)
        await self.send("response.done", response={**response, "status": "completed", "output": list(output)})

    async def run(self, socket):
        self.socket = socket
        try:
            await self.play()
            self.fault = None
        except ConnectionClosed as error:
            self.fault += f": {error}"
        except Fault as fault:
            self.fault = str(fault)

    async def play(self):
        if self.socket.request.headers.get("Authorization") != "Bearer key": raise Fault("no key came")
        session = {"type": "realtime", "object": "realtime.session", "id": "sess_1", "model": "gpt-realtime", "tools": []}
        await self.send("session.created", session=session)
        is_update = lambda event: event["type"] == "session.update"
        await self.wait("the agent's own session.update", lambda event: is_update(event) and "audio" in event["session"])
        update = await self.wait("the router's session.update", lambda event: is_update(event) and "tools" in event["session"])
        await self.send("session.updated", session={**session, "tools": update["session"]["tools"]})
        call = {"id": "item_1", "object": "realtime.item", "type": "function_call", "status": "completed", "name": "get_weather",
                "call_id": "call_1", "arguments": '{"city":"Oslo"}'}
        await self.response("resp_1", call)
        answer = await self.wait("the function's output", lambda event: event.get("item", {}).get("type") == "function_call_output")
        item = answer["item"]
        await self.send("conversation.item.added", previous_item_id="item_1", item={"id": "item_2", "object": "realtime.item", **item})
        if item["call_id"] != "call_1" or json.loads(item["output"]).get("celsius") != 7: raise Fault(f"a wrong output: {item}")
        await self.wait("the request for a response", lambda event: event["type"] == "response.create")
        text = [{"type": "output_text", "text": "It is 7 degrees."}]
        await self.response("resp_2", {"id": "item_3", "object": "realtime.item", "type": "message", "status": "completed",
                                       "role": "assistant", "content": text})

async def check(router, command):
    """What is wrong with an agent; None if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Agents", "Tools"): shutil.copytree(EXAMPLES / name, f"{folder}/{name}")
        os.mkdir(f"{folder}/bin"); os.symlink(os.path.abspath(router), f"{folder}/bin/realtime-router")
        play = Play()
        async with serve(play.run, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            environment = {**os.environ, "REALTIME_URL": f"ws://127.0.0.1:{port}/v1/realtime", "OPENAI_API_KEY": "key",
                           "PATH": f"{folder}/bin:{os.environ['PATH']}"}
            agent = await asyncio.create_subprocess_exec(*shlex.split(command), cwd=f"{folder}/Agents", env=environment)
            try:
                status = await asyncio.wait_for(agent.wait(), PATIENCE)
            except asyncio.TimeoutError:
                agent.kill(); await agent.wait()
                return f"{play.fault or 'it did not end'} within {PATIENCE} s"
        if play.fault: return play.fault
        if status: return f"it ended with status {status}"
        said = [json.loads(line) for line in open(f"{folder}/Agents/transcript.jsonl")]
        if [(line["session"], line["text"]) for line in said] != [("call-7", "It is 7 degrees.")]: return f"the transcript is {said}"

async def main():
    if len(sys.argv) < 3: sys.exit(__doc__)
    wrong = 0
    for command in sys.argv[2:]:
        fault = await check(sys.argv[1], command)
        wrong += bool(fault)
        print(f"{'wrong' if fault else 'right'}  {command}{': ' + fault if fault else ''}", flush=True)
    sys.exit(bool(wrong))

asyncio.run(main())
