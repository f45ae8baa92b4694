"""Mode `act`: the router's functions beside those of the client, which never sees their calls."""
import asyncio
from contextlib import asynccontextmanager
from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner
from .api import OWN, SERVER_EVENT, Agent, Api, call, check_view, say, tool
from .peers import Fault, Proxy, Server, expect, wait_until

def tools(wait):
    """Routes whose function takes so many seconds."""
    return f"""\
version: 1
handlers:
  tools:
    type: function_call
    announce: true
    journal: calls.jsonl
    functions:
      {OWN}:
        description: Looks an order up
        parameters: {{ type: object, properties: {{ id: {{ type: integer }} }}, required: [id] }}
        command: [/bin/sh, -c, "sleep {wait}; echo order $0", "{{id}}"]
routes: [ {{ name: calls, to: tools }} ]
"""

@asynccontextmanager
async def acting(program, api, wait=0):
    """The server, and the proxy in front of it that acts."""
    async with Server(api.play) as server, Proxy(program, server.url, routes=tools(wait), source={"mode": "act"}) as proxy:
        yield proxy
        server.check()
        await proxy.end()

@asynccontextmanager
async def connected(program, api, wait=0):
    """A client by hand that knows no function, and whose session knows the router's."""
    async with acting(program, api, wait) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        await agent.update(instructions="Help.")
        await wait_until("the router's function to be announced", api.knows(OWN), 5)
        yield agent
        check_view(api, agent.events)

async def converse(proxy, api, known, own_tools=()):
    """A program of openai-agents that asks once and waits for the last answer. Returns the server's events as it saw them."""
    events = []
    runner = RealtimeRunner(RealtimeAgent(name="Desk", instructions="Help.", tools=list(own_tools)))
    async with await runner.run(model_config={"api_key": "key", "url": proxy.url}) as session:
        await wait_until("the router's function to be announced", api.knows(*known), 5)
        await session.send_message("Where is my order?")
        async for event in session:
            if event.type == "error": raise Fault(f"openai-agents says: {event.error}")
            if event.type == "raw_model_event" and event.data.type == "raw_server_event":
                SERVER_EVENT.validate_python(event.data.data)
                events.append(event.data.data)
            if event.type == "agent_end" and "It is on its way." in str(session._history): break
        # The router answers its call only while the agent is there.
        await wait_until("the outputs", lambda: len(api.outputs()) == len(known), 5)
        await asyncio.sleep(0.3)
    check_view(api, events)

async def agents_do_not_know_our_function(program):
    api = Api([call(OWN, id=7)], [say("It is on its way.")])
    async with acting(program, api) as proxy:
        async with asyncio.timeout(15): await converse(proxy, api, [OWN])
    expect("the outputs", api.outputs(), [("call_1", "order 7")])
    expect("the requests for a response", len(api.of_type("response.create")), 2)

async def agents_with_a_function_of_their_own(program):
    """Both functions are called in one response: each has one output, whichever is done first."""
    for wait in (0, 0.5):
        called = []
        @function_tool
        async def refund(id: int) -> str:
            """Refunds, after the router's function where that does not wait."""
            called.append(id)
            await asyncio.sleep(0.5 - wait)
            return "done"
        api = Api([call(OWN, id=7), call("refund", id=8)], [say("It is on its way.")], [say("And more.")])
        async with acting(program, api, wait) as proxy:
            async with asyncio.timeout(15): await converse(proxy, api, [OWN, "refund"], [refund])
            await wait_until(f"the outputs, with {wait} s for the router's; there are {api.outputs()}", lambda: len(api.outputs()) == 2, 5)
            await asyncio.sleep(0.3)
        expect("the client's calls", called, [8])
        expect("the outputs", sorted(api.outputs()), [("call_1", "order 7"), ("call_2", "done")])
        # The first one, the client's for the continuation, and the router's only if its output came later.
        expect(f"the requests for a response after {wait} s", len(api.of_type("response.create")), 2 if wait == 0 else 3)

async def one_call(program):
    """One output and one request follow; `response.done` has all but the call."""
    api = Api([call(OWN, id=7)], [say("Sent.")])
    async with connected(program, api) as agent:
        await agent.ask("Where?")
        await agent.wait("response.done", 2)
        first = agent.of_type("response.done")[0]["response"]
        expect("the first response", (first["status"], first["output"], first["usage"]["total_tokens"]), ("completed", [], 12))
        await agent.ask("Thanks!")
        await agent.wait("response.done", 3)
    expect("the outputs", api.outputs(), [("call_1", "order 7")])
    expect("the requests for a response", len(api.of_type("response.create")), 3)

async def words_beside_a_call(program):
    """A response with words and two calls of the router's: the words pass, and one request follows both outputs."""
    api = Api([say("Let me look."), call(OWN, id=7), call(OWN, id=8), say("One moment.")], [say("Sent.")])
    async with connected(program, api) as agent:
        await agent.ask("Where?")
        await agent.wait("response.done", 2)
        texts = [item["content"][0]["text"] for item in agent.of_type("response.done")[0]["response"]["output"]]
        expect("the words", texts, ["Let me look.", "One moment."])
    expect("the outputs", sorted(api.outputs()), [("call_1", "order 7"), ("call_2", "order 8")])
    expect("the requests for a response", len(api.of_type("response.create")), 2)

async def client_creates_while_our_tool_runs(program):
    """The client's response is made; the router's output is sent, and it asks for a response only when that is over."""
    api = Api([call(OWN, id=7)], [say("Hold on.")], [say("Sent.")])
    goes_on = api.hold(1)
    async with connected(program, api, wait=0.4) as agent:
        await agent.ask("Where?")
        await agent.wait("response.done", 1)
        await agent.ask("Are you there?")
        await wait_until("the output", lambda: api.outputs(), 5)
        await asyncio.sleep(0.2)
        expect("the requests while the client's response goes on", len(api.of_type("response.create")), 2)
        goes_on.set()
        await agent.wait("response.done", 3)
    expect("the outputs", api.outputs(), [("call_1", "order 7")])
    expect("the requests for a response", len(api.of_type("response.create")), 3)

async def refused_request_is_made_again(program):
    """The server begins a response of its own when the router asks for one: the client hears of no error, and the router asks again."""
    class Racing(Api):
        async def create_response(self, event):
            if event.get("event_id", "").startswith("rr") and len(self.tasks) == 1:
                await super().create_response({})
                await self.refuse(event, "conversation_already_has_active_response", "Conversation already has an active response.")
                self.errors.clear()
            else: await super().create_response(event)
    api = Racing([call(OWN, id=7)], [say("One moment.")], [say("Sent.")])
    goes_on = api.hold(1)
    async with connected(program, api) as agent:
        await agent.ask("Where?")
        await agent.wait("response.created", 2)
        await asyncio.sleep(0.2)
        expect("the requests while the response goes on", len(api.of_type("response.create")), 2)
        goes_on.set()
        await agent.wait("response.done", 3)
        expect("the errors that the client sees", agent.of_type("error"), [])
    expect("the outputs", api.outputs(), [("call_1", "order 7")])
    expect("the requests for a response", len(api.of_type("response.create")), 3)

async def client_answers_our_call(program):
    """An output of the client's for a call of the router's is swallowed."""
    api = Api([call(OWN, id=7)], [say("Sent.")])
    async with connected(program, api, wait=0.3) as agent:
        await agent.ask("Where?")
        await agent.wait("response.done", 1)
        await agent.send("conversation.item.create", item={"type": "function_call_output", "call_id": "call_1", "output": "not found"})
        await agent.wait("response.done", 2)
    expect("the outputs", api.outputs(), [("call_1", "order 7")])

# Updates of the session.

def shown_tools(agent): return [sorted(tool["name"] for tool in event["session"]["tools"]) for event in agent.of_type("session.updated")]

async def client_updates_later(program):
    """The router's functions are announced again; the client sees the replies to its own updates, as they are, and no others."""
    api = Api()
    async with connected(program, api) as agent:
        await agent.wait("session.updated", 1)
        await agent.update(tools=[tool("refund")])
        await wait_until("both functions", api.knows(OWN, "refund"), 5)
        await agent.wait("session.updated", 2)
        await agent.update(instructions="Be brief.")
        await agent.wait("session.updated", 3)
        await agent.update(tools=[])
        await wait_until("the router's function", api.knows(OWN), 5)
        await agent.wait("session.updated", 4)
    expect("the functions that the client sees", shown_tools(agent), [[], ["refund"], [OWN, "refund"], []])
    own = [event for event in api.of_type("session.update") if event.get("event_id")]
    expect("the router's updates", [sorted(event["session"]) for event in own], [["tools", "type"]] * 3)

async def updates_right_behind_each_other(program):
    """What the client says last holds: an update of the router's that was made before it must not undo it."""
    api = Api(slow=0.1)
    async with acting(program, api) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        await agent.update(tools=[tool("track")])
        await agent.update(tools=[tool("refund")])
        await agent.wait("session.updated", 2)
        await asyncio.sleep(0.5)
        expect("the functions in the end", api.tools(), [OWN, "refund"])
        expect("the functions that the client sees", shown_tools(agent), [["track"], ["refund"]])

async def update_right_behind_another_message(program):
    """The router's update follows from the client's first message, and the client's own update comes before it: that holds."""
    api = Api(slow=0.1)
    async with acting(program, api) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        await agent.wait("session.created", 1)
        await agent.send("input_audio_buffer.clear")
        await agent.update(tools=[tool("refund")])
        await agent.wait("session.updated", 1)
        await asyncio.sleep(0.5)
        expect("the functions in the end", api.tools(), [OWN, "refund"])
        expect("the functions that the client sees", shown_tools(agent), [["refund"]])

async def update_before_the_session_is_created(program):
    """The client's first message comes before the server's: its functions stay."""
    api = Api(late=0.3)
    async with acting(program, api) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        await agent.update(tools=[tool("refund")])
        await agent.wait("session.updated", 1)
        await asyncio.sleep(0.2)
        expect("the functions in the end", api.tools(), [OWN, "refund"])

async def first_message_is_no_update(program):
    api = Api([call(OWN, id=7)], [say("Sent.")])
    async with acting(program, api) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        await agent.wait("session.created", 1)
        await agent.send("input_audio_buffer.clear")
        await wait_until("the router's function", api.knows(OWN), 5)
        await agent.ask("Where?")
        await agent.wait("response.done", 2)
        check_view(api, agent.events)
        expect("the replies that the client sees", agent.of_type("session.updated"), [])

async def refused_update(program):
    """The server refuses the router's update: the client does not hear of it, and is asked no more."""
    api = Api(refuses_own=True)
    async with acting(program, api) as proxy, proxy.connect() as socket:
        agent = Agent(socket)
        for count in (1, 2):
            await agent.update(instructions="Help.")
            await agent.wait("session.updated", count)
        expect("the errors that the client sees", agent.of_type("error"), [])
        expect("the updates", len(api.of_type("session.update")), 3)

CASES = [agents_do_not_know_our_function, agents_with_a_function_of_their_own, one_call, words_beside_a_call, client_creates_while_our_tool_runs,
         refused_request_is_made_again, client_answers_our_call, client_updates_later, updates_right_behind_each_other, update_right_behind_another_message,
         update_before_the_session_is_created,
         first_message_is_no_update, refused_update]
