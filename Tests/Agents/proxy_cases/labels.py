"""Labels of sessions from what clients send: fields of the handshake, and the session of the first update."""
import json
from .api import Agent, Api, say
from .peers import Proxy, Server, expect

ROUTES = """\
version: 1
handlers: { words: { type: transcript, output: transcript.jsonl } }
routes:
  - { name: tenant, match: { type: response.done, labels: { tenant: acme } }, to: words }
  - { name: call, match: { type: response.done, labels: { call: CA1 } }, to: words }
  - { name: part, match: { type: response.done, labels: { part: realtime } }, to: words }
  - { name: group, match: { type: response.done, labels: { group: g1 } }, to: words }
  - { name: other group, match: { type: response.done, labels: { group: g2 } }, to: words }
"""
SOURCE = {"labels_from": {"tenant": {"header": "X-Tenant"}, "call": {"query": "call_sid"}, "part": {"path": -1}, "group": {"session": "tracing.group_id"}}}

async def labels_of_clients(program):
    """Rules on labels of the handshake match from the beginning, one on the session's from the first update on; a later one changes nothing."""
    api = Api([say("One.")], [say("Two.")], [say("Three.")])
    async with Server(api.play) as server, Proxy(program, server.url, routes=ROUTES, source=SOURCE, words=["--summary", "json"]) as proxy:
        async with proxy.connect("?model=m&call_sid=CA1", additional_headers={"X-Tenant": "acme"}) as socket:
            agent = Agent(socket)
            await agent.ask("1")
            await agent.wait("response.done", 1)
            for count, group in ((2, "g1"), (3, "g2")):
                await agent.update(tracing={"workflow_name": "desk", "group_id": group})
                await agent.ask(str(count))
                await agent.wait("response.done", count)
        await proxy.end()
        server.check()
        matched = {name: route["matched"] for name, route in json.loads(proxy.output)["routes"].items()}
        expect("how often each route matched", matched, {"tenant": 3, "call": 3, "part": 3, "group": 2, "other group": 0})
        expect("the updates that the server got", [event["session"]["tracing"]["group_id"] for event in api.of_type("session.update")], ["g1", "g2"])

CASES = [labels_of_clients]
