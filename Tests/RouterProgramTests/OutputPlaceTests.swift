import Foundation
import Testing

/// Outputs that are not files, such as folders and pipes.
@Suite(.timeLimit(.minutes(5))) struct OutputPlaceTests {
    private static let session = BuiltProgram.session("tool-call")

    private static func routes(_ output: String, deadLetters: String = "dead.jsonl") -> String {
        """
        version: 1
        handlers: { h: { \(output) } }
        routes: [ { name: all, match: { type: [ router.utterance.done, router.function_call.ready ] }, to: h } ]
        dead_letters: { path: \(deadLetters) }

        """
    }

    private static let outputs = [
        "type: transcript, output: pipe", "type: transcript, format: vtt, output: pipe", "type: console, output: pipe",
        "type: metrics, sessions: pipe", "type: metrics, prometheus: pipe",
        "type: function_call, journal: pipe, functions: { get_weather: { command: [/bin/true] } }",
    ]

    private static let nobodyReads =
        "cannot write pipe: it is a pipe that nobody reads; first start what reads it, such as `cat pipe`"

    @Test("A handler's pipe without a reader is an error at the start", arguments: outputs)
    func pipeWithoutReader_ofAHandler(_ output: String) async throws {
        let place = try Workplace(routes: Self.routes(output))
        mkfifo(place.path + "/pipe", 0o600)
        let ending = try await place.run("run", Self.session)
        #expect(ending == .init(code: 2, error: "error: handler `h` did not start: \(Self.nobodyReads)\n"))
    }

    @Test(arguments: [
        ("run SESSION --log pipe", ""), ("run SESSION --outbound pipe", ""), ("report SESSION -o pipe", ""),
        ("run SESSION --routes letters.yml", "dead letters: "),
    ])
    func pipeWithoutReader_ofTheProgram(_ words: String, _ what: String) async throws {
        let place = try Workplace(routes: Self.routes("type: transcript, output: t.jsonl"))
        try place.write("letters.yml", Self.routes("type: transcript, output: t.jsonl", deadLetters: "pipe"))
        mkfifo(place.path + "/pipe", 0o600)
        let ending = try await place.run(
            words.split(separator: " ").map { $0 == "SESSION" ? Self.session : String($0) })
        #expect(ending == .init(code: 2, error: "error: \(what)\(Self.nobodyReads)\n"))
    }

    @Test("A pipe with a reader gets what a file would, however slowly it is read")
    func pipeWithReader_isWritten() async throws {
        let place = try Workplace(routes: Self.routes("type: transcript, output: pipe"))
        // Longer than what a pipe holds.
        let text = String(repeating: "word ", count: 20_000)
        let item = { (id: Int) in
            #"{"id":"i\#(id)","type":"message","role":"user","content":[{"type":"input_text","text":"\#(text)"}]}"#
        }
        try place.write(
            "session.jsonl",
            (1...5).map { #"{"type":"conversation.item.done","item":\#(item($0))}"# + "\n" }.joined())
        let ending = try await place.shell(
            #"""
            mkfifo pipe
            (sleep 0.3; cat; echo end) <pipe >read &
            while ! "$ROUTER" run session.jsonl 2>error >/dev/null; do grep -q "nobody reads" error || exit 1; done
            wait
            """#)
        #expect(ending.code == 0, "\(place.text("error") ?? "")")
        #expect(place.lines("read").count { $0.hasPrefix(#"{"session":"session""#) && $0.contains(text) } == 5)
        #expect(place.lines("read").last == "end")
    }

    @Test("A pipe whose reader goes is a file that cannot be written, and the run goes on")
    func pipeWhoseReaderGoes_isCounted() async throws {
        let place = try Workplace(routes: Self.routes("type: transcript, output: pipe"))
        let ending = try await place.shell(
            #"""
            mkfifo pipe events
            (head -n 1 >/dev/null; exec <&-; touch gone) <pipe &
            "$ROUTER" run events &
            exec 3>events
            echo '{"type":"conversation.item.done","item":{"id":"a","type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}}' >&3
            while [ ! -e gone ]; do sleep 0.02; done
            echo '{"type":"conversation.item.done","item":{"id":"b","type":"message","role":"user","content":[{"type":"input_text","text":"b"}]}}' >&3
            exec 3>&-
            wait $!
            """#)
        #expect(ending.code == 3)
        #expect(
            ending.error.hasPrefix(
                "error: cannot write pipe: Broken pipe\nwarning: 1 delivery failed for good; see dead.jsonl"))
        #expect(ending.output.contains("\npipe            1  Broken pipe\n"))
    }

    @Test(arguments: [
        ("folder", "it is a folder"), ("socket", "it is a socket"),
        ("link", "it is a symbolic link, which is not followed"),
    ])
    func whatIsNoFile_isAnError(_ name: String, _ reason: String) async throws {
        let place = try Workplace(routes: Self.routes("type: transcript, output: t.jsonl"))
        try await place.writeProgram("make", "#!/bin/sh\nmkdir folder; ln -s folder link\n")
        let made = try await place.shell(
            "./make; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'")
        guard made.code == 0 else { return }
        for words in [["run", Self.session, "--log", name], ["report", Self.session, "-o", name]] {
            #expect(try await place.run(words) == .init(code: 2, error: "error: cannot write \(name): \(reason)\n"))
        }
    }
}
