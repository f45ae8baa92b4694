import EventJSON
import Foundation
import Testing

/// The built program on sessions whose key changes, or whose server uses a `call_id` again: every call runs once.
@Suite struct CallIdentityTests {
    private static let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            journal: calls.jsonl
            once: journal
            functions: { pay: { command: [./pay, "{id}"] } }
        routes: [ { name: calls, to: tools } ]
        """

    /// Records that it ran, and kills the router if the test asks for it.
    private static let pay = """
        #!/bin/sh
        echo "$1" >> ran
        if [ -e deadly ]; then
          while [ ! -s router ]; do sleep 0.01; done
          kill -9 "$(cat router)"
        fi
        echo "paid $1"
        """

    private static func created(_ id: String) -> String {
        #"{"type":"session.created","session":{"id":"\#(id)","type":"realtime"}}"# + "\n"
    }

    /// A response with one call of `pay`.
    private static func call(_ id: String, in response: String, item: String, for what: String) -> String {
        let item =
            #"{"id":"\#(item)","type":"function_call","status":"completed","name":"pay","call_id":"\#(id)","arguments":"{\"id\":\"\#(what)\"}"}"#
        return [
            #"{"type":"response.created","response":{"id":"\#(response)","status":"in_progress","output":[]}}"#,
            #"{"type":"response.output_item.done","response_id":"\#(response)","output_index":0,"item":\#(item)}"#,
            #"{"type":"response.done","response":{"id":"\#(response)","status":"completed","output":[\#(item)]}}"#,
        ].joined(separator: "\n") + "\n"
    }

    private func place() async throws -> Workplace {
        let place = try Workplace(routes: Self.routes)
        try await place.writeProgram("pay", Self.pay)
        return place
    }

    /// The outputs that the model got, in order.
    private func outputs(_ place: Workplace, _ name: String) throws -> [String] {
        try place.lines(name).compactMap { try JSONValue(parsing: $0)["item"]?["output"]?.string }
    }

    @Test("A router that is killed in the second session of a pipe, and started on the rest, runs no call twice")
    func killInTheSecondSession_runsOnce() async throws {
        let place = try await place()
        let second = Self.created("sess_2") + Self.call("call_5", in: "r5", item: "f5", for: "five")
        try place.write(
            "both.jsonl",
            Self.created("sess_1") + #"{"type":"response.created","response":{"id":"r0"}}"# + "\n" + second)
        try place.write("rest.jsonl", second)
        try place.write("deadly", "")
        try place.write("router", "")
        let program = try place.start("run", "-", input: "\(place.path)/both.jsonl")
        try place.write("router", "\(program.pid)")
        #expect(await program.end().code == 128 + 9)
        #expect(place.lines("ran") == ["five"])
        #expect(place.lines("calls.jsonl").first?.hasPrefix(#"{"session":"stdin#2","session_id":"sess_2","#) == true)

        #expect(try await place.shell("rm deadly").code == 0)
        let ending = try await place.run(
            "run", "-", "--outbound", "out.jsonl", input: "\(place.path)/rest.jsonl")
        #expect(ending.code == 0, "\(ending.error)")
        #expect(place.lines("ran") == ["five"])
        #expect(
            try outputs(place, "out.jsonl") == [
                #"{"error":"outcome unknown: the function was started before, and may or may not have been done (reference call_5)"}"#
            ])
    }

    @Test("A session in a renamed file runs no call twice, and a session without an id is known by its file")
    func renamedFile_runsOnce() async throws {
        let place = try await place()
        let call = Self.call("call_1", in: "r1", item: "f1", for: "one")
        try place.write("one.jsonl", Self.created("sess_1") + call)
        try place.write("renamed.jsonl", Self.created("sess_1") + call)
        try place.write("nameless.jsonl", call)
        for name in ["one", "renamed", "nameless", "nameless"] {
            let ending = try await place.run("run", "\(name).jsonl", "--outbound", "\(name).out")
            #expect(ending.code == 0, "\(ending.error)")
        }
        #expect(try outputs(place, "renamed.out") == ["paid one"])
        #expect(try outputs(place, "nameless.out") == ["paid one", "paid one"])
        #expect(place.lines("ran") == ["one", "one"], "once for the session with an id, once for the one without")
    }

    @Test("A call_id that a server uses again is run again, once, whenever the router is restarted")
    func reusedCallID_runsOnceForEachOccurrence() async throws {
        let place = try await place()
        let head = Self.created("sess_1")
        let first = Self.call("call_0", in: "r1", item: "f1", for: "first")
        let second = Self.call("call_0", in: "r2", item: "f2", for: "second")
        try place.write("start.jsonl", head + first)
        try place.write("rest.jsonl", head + second)
        try place.write("whole.jsonl", head + first + second + second)
        for name in ["start", "rest", "whole"] {
            let ending = try await place.run("run", "\(name).jsonl", "--outbound", "\(name).out")
            #expect(ending.code == 0, "\(ending.error)")
        }
        #expect(place.lines("ran") == ["first", "second"])
        #expect(try outputs(place, "whole.out") == ["paid first", "paid second"])
    }
}
