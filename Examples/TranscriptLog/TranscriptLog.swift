// A custom transcript sink: one protocol with one function. It gets every finished utterance of both sides in conversation
// order, even if the caller's transcription arrives late.
//
//     swift run TranscriptLog [SESSION.jsonl]

import RealtimeRouter

/// Prints a conversation, and counts the words of each side.
actor Minutes: TranscriptSink {
    private var words: [String: Int] = [:]

    func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        let speaker = utterance.role == .user ? "Caller" : "Agent"
        let text = utterance.text ?? ""
        let note = utterance.status == .completed ? "" : " (\(utterance.status?.rawValue ?? "unknown"))"
        print("\(speaker): \(text)\(note)\(update == .revised ? " (revised)" : "")")
        if update == .done { words[speaker, default: 0] += text.split(separator: " ").count }
    }

    func stop() async {
        for (speaker, count) in words.sorted(by: { $0.key < $1.key }) { print("\(speaker) said \(count) words.") }
    }
}

@main
struct TranscriptLog {
    static func main() async throws {
        let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let session = CommandLine.arguments.dropFirst().first ?? package + "/Examples/Sessions/late-transcripts.jsonl"

        let table = try RouteTable(
            handlers: [HandlerBinding("minutes", .transcript(to: Minutes()))],
            routes: [Route("everything that was said", to: ["minutes"])])
        let router = Router(table)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session))
        await router.stop()
    }
}
