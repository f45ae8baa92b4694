import Foundation
import RealtimeEvents
import Testing

@testable import RealtimeSession

/// Transcripts of generated sessions, with transcriptions that come late, repeatedly or never. The conversation order
/// must hold, and nothing may be lost or duplicated.
///
/// `REALTIME_ROUTER_SESSIONS=10000` generates more sessions, `REALTIME_ROUTER_SEED` other ones.
@Suite struct GeneratedSessionTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["REALTIME_ROUTER_SEED"].flatMap(UInt64.init) ?? 1
    private static let count = environment["REALTIME_ROUTER_SESSIONS"].flatMap(Int.init) ?? 150
    private static let hold = 10.0

    @Test("Transcripts are right whenever transcriptions come")
    func generatedSessions_haveTheRightTranscripts() throws {
        print("generated sessions: REALTIME_ROUTER_SEED=\(Self.seed) REALTIME_ROUTER_SESSIONS=\(Self.count)")
        var (utterances, revisions, failures) = (0, 0, 0)
        for number in 0..<UInt64(Self.count) where failures < 5 {
            let session = GeneratedSession(seed: Self.seed &+ number)
            let verdict = try Self.verdict(session)
            utterances += verdict.utterances
            revisions += verdict.revisions
            failures += verdict.mistakes.isEmpty ? 0 : 1
            #expect(
                verdict.mistakes == [],
                "REALTIME_ROUTER_SEED=\(Self.seed &+ number) REALTIME_ROUTER_SESSIONS=1\n\(session.lines.joined(separator: "\n"))"
            )
        }
        print("  \(utterances) utterances, \(revisions) revisions")
        #expect(Self.count < 100 || utterances > 4 * Self.count && revisions > Self.count / 10)
    }

    @Test("A long session keeps the open items and a few more")
    func longSession_keepsFewItems() throws {
        let session = GeneratedSession(seed: Self.seed, length: 600)
        var replay = SessionReplay(SessionConfiguration(key: "s", transcriptTimeout: Self.hold))
        var most = 0
        for line in session.lines {
            try replay.feed(line)
            let slots = replay.state.conversation.allSlots
            most = max(most, slots.count { replay.state.conversation.items[$0].isSettled })
            #expect(replay.state.conversation.items.count < Conversation.settledLimit + 128)
        }
        #expect(most <= Conversation.settledLimit)
        #expect(session.chain.count > 2 * Conversation.settledLimit)
    }

    private struct Told {
        var item: String
        var line: Int
        var at: Double
    }

    private static func verdict(_ session: GeneratedSession) throws -> (
        utterances: Int, revisions: Int, mistakes: [String]
    ) {
        let replay = try SessionReplay(
            of: session.lines.joined(separator: "\n"), SessionConfiguration(key: "s", transcriptTimeout: hold))
        let heard = try told(.routerUtteranceHeard, replay)
        let done = try told(.routerUtteranceDone, replay)
        var mistakes = done.map(\.item).sorted() == session.chain.sorted() ? [] : ["done: \(done.map(\.item))"]
        if heard.map(\.item).sorted() != session.chain.sorted() { mistakes.append("heard: \(heard.map(\.item))") }
        var last: [String: Utterance] = [:]
        var revisions = 0
        for event in replay.derived where [.routerUtteranceDone, .routerUtteranceRevised].contains(event.code) {
            let utterance = try event.event().decode(Utterance.self)
            if event.code == .routerUtteranceRevised {
                revisions += 1
                if last[utterance.itemID ?? ""] == nil {
                    mistakes.append("revised before done: \(utterance.itemID ?? "")")
                }
            }
            last[utterance.itemID ?? ""] = utterance
        }
        for id in session.chain {
            guard let item = session.items[id], let utterance = last[id] else { continue }
            let isRight = utterance.status == item.status && utterance.role == item.role
            if !isRight || utterance.text != item.text {
                mistakes.append("\(id): \(item.status?.rawValue ?? "") \(item.text), told as \(utterance)")
            }
        }
        return (done.count, revisions, mistakes + misplaced(done, heard, session))
    }

    private static func told(_ code: EventType.Code, _ replay: SessionReplay) throws -> [Told] {
        try replay.derived.filter { $0.code == code }.map { event in
            let utterance = try event.event().decode(Utterance.self)
            return Told(item: utterance.itemID ?? "", line: event.position.line, at: event.at ?? 0)
        }
    }

    /// Utterances that came before an earlier one, although that one was known and the hold was not over.
    private static func misplaced(_ done: [Told], _ heard: [Told], _ session: GeneratedSession) -> [String] {
        let place = Dictionary(uniqueKeysWithValues: session.chain.enumerated().map { ($1, $0) })
        let hearing = Dictionary(heard.map { ($0.item, $0) }) { first, _ in first }
        var mistakes: [String] = []
        for (number, early) in done.enumerated() {
            for late in done[(number + 1)...] where place[late.item] ?? 0 < place[early.item] ?? 0 {
                let wasKnown = (session.items[late.item]?.placedOn ?? .max) <= early.line
                // Once the hold of any later utterance is over, nothing waits for the item any longer.
                let wasPassed =
                    session.hasTimes
                    && session.chain[((place[late.item] ?? 0) + 1)...].contains { item in
                        hearing[item].map { $0.line <= early.line && $0.at + hold <= early.at } ?? false
                    }
                if wasKnown, !wasPassed { mistakes.append("\(early.item) came before \(late.item)") }
            }
        }
        return mistakes
    }
}
