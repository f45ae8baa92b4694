import Testing

/// Readers that close the program's output early.
@Suite struct ClosedPipeTests {
    /// The second half of the session arrives after the reader of the first line has ended.
    @Test(arguments: [
        ("run", "   1.4  caller  Do I need an umbrella in Oslo?\n"),
        (
            "inspect",
            "      1     0.000  session.created                                        sess_943oEqQQvv5UxMI7DbQAr    gpt-realtime\n"
        ),
    ])
    func closedPipe_endsCommandQuietly(_ command: String, _ firstLine: String) async throws {
        let place = try Workplace()
        let ending = try await place.shell(
            """
            session() {
                sed -n '1,10p' "$SESSION"
                while [ ! -e gone ]; do sleep 0.02; done
                sed -n '11,$p' "$SESSION" 2>/dev/null   # the command may end before it has read all
            }
            SESSION=Examples/Sessions/tool-call.jsonl
            (session | "$ROUTER" \(command) -; echo "exit code $?" >&2) | (head -1; exec <&-; touch gone)
            """)
        #expect(ending == .init(code: 0, output: firstLine, error: "exit code 141\n"))
    }
}
