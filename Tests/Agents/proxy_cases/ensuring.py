"""`ensure` in mode `observe`: one update of the router's with what a session lacks, of which the client does not hear."""
import asyncio, copy
from contextlib import asynccontextmanager
from .api import Agent, Api, say
from .peers import Proxy, Server, expect, wait_until

ENSURED = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
UPDATE = {"type": "realtime", **ENSURED}

@asynccontextmanager
async def ensuring(program, api):
    """A client by hand of a session that is to have transcription."""
    async with Server(api.play) as server, Proxy(program, server.url, source={"ensure": ENSURED}) as proxy:
        async with proxy.connect() as socket: yield Agent(socket)
        server.check()
        await proxy.end()

def of_router(api): return [event["session"] for event in api.of_type("session.update") if event.get("event_id")]
def model(api): return (api.session["audio"]["input"]["transcription"] or {}).get("model")

async def ensured_after_the_clients_update(program):
    """The client's updates lack it: it is sent once, and the replies to the client's updates are the client's."""
    api = Api()
    async with ensuring(program, api) as agent:
        await agent.wait("session.created", 1)
        await agent.update(instructions="Help.")
        await wait_until("transcription", lambda: model(api) == "gpt-transcribe", 5)
        await agent.update(instructions="Be brief.")
        await agent.wait("session.updated", 2)
        await agent.ask("Hello?")
        await agent.wait("response.done", 1)
    shown = [event["session"]["instructions"] for event in agent.of_type("session.updated")]
    expect("the replies that the client sees", shown, ["Help.", "Be brief."])
    expect("the router's updates", of_router(api), [UPDATE])

async def ensured_at_another_first_message(program):
    api = Api([say("Hello.")])
    async with ensuring(program, api) as agent:
        await agent.wait("session.created", 1)
        expect("the updates before the client's first message", of_router(api), [])
        await agent.ask("Hello?")
        await agent.wait("response.done", 1)
        await wait_until("transcription", lambda: model(api) == "gpt-transcribe", 5)
        await agent.ask("Again?")
        await agent.wait("response.done", 2)
    expect("the replies that the client sees", agent.of_type("session.updated"), [])
    expect("the router's updates", of_router(api), [UPDATE])

async def not_ensured_where_it_is_there(program):
    """The client has a setting of its own: nothing is sent, also when its update comes before the session is created."""
    for late in (0, 0.2):
        api = Api(late=late)
        async with ensuring(program, api) as agent:
            if not late: await agent.wait("session.created", 1)
            await agent.update(audio={"input": {"transcription": {"model": "whisper-1", "language": "pt"}}})
            await agent.wait("session.updated", 1)
            await agent.ask("Hello?")
            await agent.wait("response.done", 1)
        expect(f"the router's updates, with the server {late} s late", of_router(api), [])
        expect("the model of transcription", model(api), "whisper-1")

async def ensured_again_when_taken_away(program):
    """The client turns it off, which a `session.updated` says: it is sent again."""
    api = Api()
    async with ensuring(program, api) as agent:
        await agent.update(instructions="Help.")
        await wait_until("transcription", lambda: model(api) == "gpt-transcribe", 5)
        await agent.update(audio={"input": {"transcription": None}})
        await wait_until("the second update", lambda: len(of_router(api)) == 2, 5)
        await agent.wait("session.updated", 2)
    expect("the router's updates", of_router(api), [UPDATE, UPDATE])

async def calls_are_the_clients(program):
    """Nothing but that update is sent: calls, errors and outputs are between the client and the server."""
    api = Api([{"type": "function_call", "name": "refund", "arguments": "{}"}], [say("Done.")])
    api.session["tools"] = [{"type": "function", "name": "refund", "parameters": {}}]
    api.session["audio"] = copy.deepcopy({**api.session["audio"], "input": {**api.session["audio"]["input"], "transcription": {"model": "whisper-1"}}})
    async with ensuring(program, api) as agent:
        await agent.ask("Refund me")
        await agent.wait("response.done", 1)
        await agent.send("conversation.item.create", item={"type": "function_call_output", "call_id": "call_9", "output": "x"}, event_id="mine")
        await agent.wait("error", 1)
        await agent.send("conversation.item.create", item={"type": "function_call_output", "call_id": "call_1", "output": "done"})
        await agent.send("response.create")
        await agent.wait("response.done", 2)
        await asyncio.sleep(0.2)
        expect("what the client was sent and what it got", len(agent.events), api.numbers["event"])
    expect("what the server got", [event["type"] for event in api.events],
           ["conversation.item.create", "response.create", "conversation.item.create", "conversation.item.create", "response.create"])

CASES = [ensured_after_the_clients_update, ensured_at_another_first_message, not_ensured_where_it_is_there, ensured_again_when_taken_away,
         calls_are_the_clients]
