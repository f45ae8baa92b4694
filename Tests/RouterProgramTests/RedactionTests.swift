import EventJSON
import Foundation
import Testing

/// A run writes a redacted argument nowhere.
@Suite struct RedactionTests {
    private let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            journal: calls.jsonl
            functions:
              pay: { redact: [card], command: [/bin/sh, -c, "cat > read; echo paid"] }
          console: { type: console, output: console.txt }
          broken: { type: command, command: [/bin/false] }
          given: { type: command, command: [/bin/sh, -c, "cat >> given"] }
        routes:
          - name: calls
            match: { arguments: { card: [ { suffix: "-9" } ] } }
            to: tools
          - name: all
            match: { type: [ { exists: true } ] }
            to: [console, broken, given]
        dead_letters: { path: dead-letters.jsonl }

        """

    @Test func redactedArgument_isReadByFunctionOnly() async throws {
        let place = try Workplace(routes: routes)
        let item =
            #"{"id":"i1","type":"function_call","status":"completed","call_id":"c1","name":"pay","arguments":"{\"card\":\"4111-9\"}"}"#
        try place.write(
            "session.jsonl",
            [
                #"{"type":"session.created","session":{"id":"s1"}}"#,
                #"{"type":"response.created","response":{"id":"r1"}}"#,
                #"{"type":"response.function_call_arguments.delta","call_id":"c1","delta":"{\"card\":\"4111-9\"}"}"#,
                #"{"type":"response.function_call_arguments.done","call_id":"c1","arguments":"{\"card\":\"4111-9\"}"}"#,
                #"{"type":"response.output_item.done","response_id":"r1","item":\#(item)}"#,
                #"{"type":"response.done","response":{"id":"r1","status":"completed","output":[\#(item)]}}"#,
                #"{"type":"response.function_call_arguments.done","arguments":"4111-9"#, "",
            ].joined(separator: "\n"))
        let ending = try await place.run(
            "run", "session.jsonl", "--log", "log.jsonl", "--outbound", "out.jsonl", "--summary", "json")
        #expect(ending.code == 3)
        #expect(place.text("read") == #"{"card":"4111-9"}"# + "\n")
        #expect(place.lines("out.jsonl").count == 2)
        for name in ["calls.jsonl", "console.txt", "dead-letters.jsonl", "log.jsonl", "out.jsonl", "given"] {
            let text = try #require(place.text(name), "\(name) is there")
            #expect(!text.contains("4111"), "\(name) does not hold it")
            #expect(!text.contains(Data("4111-9".utf8).base64EncodedString().dropLast(2)), "\(name)")
        }
        #expect(!ending.output.contains("4111") && !ending.error.contains("4111"))
        #expect(place.lines("dead-letters.jsonl").filter { $0.contains("***") }.count >= 5)
        let explained = try await place.run("explain", "session.jsonl", "--route", "calls", "--format", "json")
        #expect(explained.output.contains("function_call.ready") && !explained.output.contains("4111"))
    }
}
