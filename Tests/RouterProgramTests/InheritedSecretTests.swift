import EventJSON
import Foundation
import Testing

/// Commands that print inherited environment variables.
@Suite(.timeLimit(.minutes(5))) struct InheritedSecretTests {
    private static let key = #"sk-"quo\ted"/0123456789"# + "\nsecond-line-of-the-key"
    /// Parts of the secret, none of which may be shown.
    private static let pieces = ["sk-", "quo", #"\ted"#, "0123", "6789", "second", "line-of", "the-key"]

    private static let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            journal: calls.jsonl
            functions:
              leak: { command: [./leak], env: [API_KEY], error_output: stderr }
              cut: { command: [./cut], env: [API_KEY] }
              json: { command: [./json], env: [API_KEY] }
              fine: { command: [./fine], env: [API_KEY] }
              worker: { worker: [./worker], env: [API_KEY] }
          page: { type: command, command: [./page], env: [API_KEY], stdin: event, working_directory: "${PLACE}" }
          pages: { type: command, command: [./page], env: [API_KEY], stdin: events, working_directory: "${PLACE}" }
        routes:
          - { name: calls, to: tools }
          - { name: page, match: { type: router.function_call.done, name: fine }, to: [page, pages] }
        dead_letters: { path: dead.jsonl }

        """

    private func place() async throws -> Workplace {
        let place = try Workplace(routes: Self.routes)
        try place.write(
            "session.jsonl", SessionScript(calling: ["leak", "cut", "json", "worker", "worker", "fine"]).text)
        let programs = [
            "leak": #"echo "refused: $API_KEY" >&2; exit 3"#,
            // The end of the value's first line is the first of the 4 KiB that are kept.
            "cut":
                #"printf 'x%.0s' $(seq 9000) >&2; printf '%s' "$API_KEY" | head -n 1 | tr -d '\n' >&2; printf 'y%.0s' $(seq 4091) >&2; exit 4"#,
            "json": #"echo '{"error":"no","key":"sk-\"quo\\ted\"\/0123456789\nsecond-line-of-the-key"}'; exit 1"#,
            "fine": #"printf '%s' "$API_KEY""#,
            // Standard error arrives in two pieces, with the output between them.
            "worker": #"""
            while read -r line; do
                id=${line#*:}; id=${id%%,*}
                printf '%.9s' "$API_KEY" >&2; sleep 0.1
                echo "{\"id\":$id,\"error\":\"bad second-line-of-the-key\"}"; sleep 0.1
                printf '%s\n' "$API_KEY" | head -n 1 | cut -c 10- >&2; sleep 0.1
            done
            """#,
            "page": #"echo "$API_KEY" >&2; echo "in $(pwd) with $API_KEY" | tr '\n' ' ' >&2; exit 5"#,
        ]
        for (name, text) in programs { try await place.writeProgram(name, "#!/bin/bash\n\(text)\n") }
        try FileManager.default.createDirectory(
            atPath: place.path + "/hidden-place", withIntermediateDirectories: false)
        return place
    }

    @Test("Journal, dead letters, log and summary show the variable's name, and the model gets what a function answers")
    func inheritedSecret_isWrittenNowhere() async throws {
        let place = try await place()
        let ending = try await place.run(
            "run", "session.jsonl", "--outbound", "out.jsonl", "--log", "log.jsonl",
            environment: ["API_KEY": Self.key, "PLACE": "hidden-place"])
        #expect(ending.code == 3)
        for name in ["calls.jsonl", "dead.jsonl", "log.jsonl"] {
            var text = try #require(place.text(name), "\(name)")
            // Text from the session itself.
            text = text.replacing("session", with: "")
            for piece in Self.pieces { #expect(!text.contains(piece), "\(name): \(piece)") }
            #expect(!text.contains("hidden-place"), "\(name)")
        }
        for piece in Self.pieces + ["hidden-place"] { #expect(!(ending.output + ending.error).contains(piece)) }

        let calls = try place.lines("calls.jsonl").map { try JSONValue(parsing: $0) }.filter {
            $0["state"] != "started"
        }
        let by = { (name: String) in calls.filter { $0["name"] == .string(name) } }
        #expect(by("leak").first?["stderr"] == "refused: ${API_KEY}")
        #expect(by("leak").first?["error"] == "the command exited with status 3: refused: ${API_KEY}")
        let cut = by("cut").first?["stderr"]?.string ?? ""
        #expect(cut.hasPrefix("${API_KEY}yyy") && cut.utf8.count == 4091 + "${API_KEY}".utf8.count)
        #expect(by("json").first?["output"] == #"{"error":"no","key":"${API_KEY}"}"#)
        #expect(by("fine").first?["output"] == "${API_KEY}")
        #expect(by("worker").allSatisfy { $0["error"] == "bad ${API_KEY}" })
        let errors = try place.lines("dead.jsonl").map { try JSONValue(parsing: $0)["error"]?.string ?? "" }
        #expect(errors.count == 2)
        #expect(
            errors.allSatisfy {
                $0.hasPrefix("the command exited with status 5: in ") && $0.contains("${PLACE} with ${API_KEY}")
            })

        let answers = try place.lines("out.jsonl").compactMap { try JSONValue(parsing: $0)["item"]?["output"]?.string }
        #expect(answers.filter { $0.contains("sk-") || $0.contains("second") } == [Self.key])
        #expect(answers.contains(#"{"error":"refused: ${API_KEY} (reference call_1)"}"#))
    }
}
