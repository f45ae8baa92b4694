import EventJSON
import Testing

@testable import RealtimeConnection

/// What a proxy remembers of its functions' calls.
@Suite struct RouterCallsTests {
    @Test("Items and calls are the router's once they were added, and nothing else is")
    func membership() {
        var calls = RouterCalls()
        #expect(calls.isEmpty)
        calls.add(item: "i1", call: "c1")
        #expect(!calls.isEmpty)
        #expect(calls.isOwn(item: "i1") && calls.isOwn(call: "c1"))
        #expect(!calls.isOwn(item: "c1") && !calls.isOwn(call: "i1"))
        #expect(!calls.isOwn(item: nil) && !calls.isOwn(call: nil))
    }

    @Test("The nearest item that the client knows is found over a chain of the router's")
    func predecessors() {
        var calls = RouterCalls()
        for number in 1...3 {
            calls.add(item: "own\(number)", call: "c\(number)")
            calls.place("own\(number)", behind: number == 1 ? "user" : "own\(number - 1)")
        }
        #expect(calls.known("own3") == "user")
        #expect(calls.known("theirs") == "theirs")
        #expect(calls.known(nil) == nil)
        calls.add(item: "first", call: nil)
        calls.place("first", behind: nil)
        #expect(calls.known("first") == nil)
        // Named again, an item stays where it is.
        calls.add(item: "own3", call: "c3")
        #expect(calls.known("own3") == "user")
    }

    @Test("Items that name themselves end the search")
    func circle() {
        var calls = RouterCalls()
        calls.add(item: "a", call: nil)
        calls.place("a", behind: "a")
        #expect(calls.known("a") == nil)
    }

    @Test("The latest items are remembered, and the oldest are forgotten")
    func limit() {
        var calls = RouterCalls()
        for number in 0..<20_000 { calls.add(item: "i\(number)", call: "c\(number)") }
        #expect(!calls.isOwn(item: "i0") && !calls.isOwn(call: "c0"))
        #expect((20_000 - 4096..<20_000).allSatisfy { calls.isOwn(item: "i\($0)") && calls.isOwn(call: "c\($0)") })
    }

    @Test("A response passes without the router's items, and one without any as it came")
    func responses() throws {
        var calls = RouterCalls()
        calls.add(item: "i1", call: "c1")
        let event = try JSONValue(
            parsing:
                #"{"response":{"output":[{"id":"m"},{"id":"i1"},{"id":"x","call_id":"c1"},{"id":"y","call_id":"c2"}],"usage":{"total_tokens":1.50}},"type":"response.done"}"#
        )
        #expect(
            calls.withoutOwn(event)?.description
                == #"{"response":{"output":[{"id":"m"},{"id":"y","call_id":"c2"}],"usage":{"total_tokens":1.50}},"type":"response.done"}"#
        )
        #expect(calls.withoutOwn(["response": ["output": [["id": "m"]]]]) == nil)
        #expect(calls.withoutOwn(["response": [:]]) == nil)
        #expect(calls.withoutOwn([]) == nil)
    }

    @Test("Events that the router sent are known by their ids")
    func sentEvents() {
        var calls = RouterCalls()
        calls.routerSends(id: "e1")
        calls.routerSends(id: nil)
        #expect(calls.hasSent("e1") && !calls.hasSent("e2") && !calls.hasSent(nil))
        #expect(calls.isEmpty)
    }
}
