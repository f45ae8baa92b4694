import Foundation
import Testing

/// Live captions on a terminal, looked at after every byte that the program writes to it.
@Suite struct LiveCaptionTests {
    private static let routes = """
        version: 1
        handlers: { captions: { type: transcript, format: console, output: "-" } }
        routes: [ { name: all, to: captions } ]
        """

    /// A session in which the caller's words come late, both sides' words come in pieces, and nobody minds the terminal.
    private static let session = """
        {"type":"session.created","session":{"id":"s","audio":{"input":{"transcription":{"model":"m"}}}}}
        {"type":"input_audio_buffer.committed","item_id":"u1","previous_item_id":null}
        {"type":"conversation.item.added","previous_item_id":null,"item":{"id":"u1","type":"message","role":"user","content":[{"type":"input_audio"}]}}
        {"type":"response.created","response":{"id":"r1"}}
        {"type":"conversation.item.added","previous_item_id":"u1","item":{"id":"a1","type":"message","role":"assistant","content":[]}}
        {"type":"response.output_item.added","response_id":"r1","item":{"id":"a1","type":"message","role":"assistant","content":[]}}
        {"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"a1","content_index":0,"delta":"リスボンの天気は"}
        {"type":"conversation.item.input_audio_transcription.delta","item_id":"u1","content_index":0,"delta":"What's the\\u001b[2J wea"}
        {"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"a1","content_index":0,"delta":"晴れです。気温は二十一度で、風はあまりありません。😀"}
        {"type":"conversation.item.input_audio_transcription.delta","item_id":"u1","content_index":0,"delta":"ther in Lisbon"}
        {"type":"conversation.item.input_audio_transcription.completed","item_id":"u1","content_index":0,"transcript":"What's the weather in Lisbon?"}
        {"type":"response.output_audio_transcript.done","response_id":"r1","item_id":"a1","content_index":0,"transcript":"リスボンの天気は晴れです。 気温は二十一度で、風はあまりありません。😀"}
        {"type":"response.output_item.done","response_id":"r1","item":{"id":"a1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_audio","transcript":"リスボンの天気は晴れです。 気温は二十一度で、風はあまりありません。😀"}]}}
        {"type":"response.done","response":{"id":"r1","status":"completed"}}

        """

    private static let final = [
        "== session", "         caller  What's the weather in", "                 Lisbon?",
        "         agent   リスボンの天気は晴れで", "                 す。 気温は二十一度で",
        "                 、風はあまりありません", "                 。😀",
    ]

    @Test func liveCaptions_areDrawnInPlace() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", Self.session)
        let terminal = try PseudoTerminal(columns: 40, rows: 12)
        let program = try place.start(
            ["/bin/sh", "-c", #"exec "$ROUTER" run session.jsonl --speed max >"$TTY""#],
            environment: ["ROUTER": BuiltProgram.path("realtime-router"), "TTY": terminal.path, "TERM": "xterm"])
        let ending = await program.end()
        #expect(ending.code == 0, "\(ending.error)")
        var screen = TerminalScreen(columns: 40)
        var seen: Set<String> = []
        for scalar in await terminal.written().unicodeScalars {
            screen.take(scalar)
            seen.formUnion(screen.rows)
        }
        #expect(screen.unknown.isEmpty, "\(screen.unknown)")
        // The cursor is at the beginning of a line when the summary comes.
        #expect(Array(screen.rows.prefix(Self.final.count)) == Self.final)
        #expect(
            screen.rows.dropFirst(Self.final.count).prefix(2) == ["", "14 events, 6 derived events, 1 session,"],
            "\(screen.rows)")
        #expect(seen.contains("         caller  What's the [2J wea"))
        #expect(seen.contains("         agent   リスボンの天気は"))
        #expect(seen.contains("         agent   …あまりありません。😀"))
    }

    @Test(arguments: [["TERM": "dumb"], ["TERM": "xterm", "FILE": "yes"]])
    func liveCaptions_withoutTerminal_haveNoEscapeCodes(_ environment: [String: String]) async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", Self.session)
        let terminal = try PseudoTerminal(columns: 40, rows: 12)
        let output = environment["FILE"] == nil ? terminal.path : place.path + "/out"
        let program = try place.start(
            ["/bin/sh", "-c", #"exec "$ROUTER" run session.jsonl >"$TTY""#],
            environment: ["ROUTER": BuiltProgram.path("realtime-router"), "TTY": output].merging(environment) { $1 })
        #expect(await program.end().code == 0)
        let text = environment["FILE"] == nil ? await terminal.written() : place.text("out") ?? ""
        #expect(!text.contains("\u{1B}") && text.hasPrefix("== session"), "\(text)")
        #expect(text.components(separatedBy: "Lisbon").count == 2)
    }

    @Test func liveCaptions_noColor_hasNoColours() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", Self.session)
        let terminal = try PseudoTerminal(columns: 100, rows: 12)
        let program = try place.start(
            ["/bin/sh", "-c", #"exec "$ROUTER" run session.jsonl >"$TTY""#],
            environment: [
                "ROUTER": BuiltProgram.path("realtime-router"), "TTY": terminal.path, "TERM": "xterm", "NO_COLOR": "1",
            ])
        #expect(await program.end().code == 0)
        let text = await terminal.written()
        #expect(text.contains("\u{1B}[J") && !text.contains("m" + "\u{1B}") && !text.contains("\u{1B}[0m"))
    }
}
