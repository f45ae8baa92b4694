import EventJSON
import RealtimeEvents
import Testing

@testable import RealtimeSession

/// Memory use depends on what is open, not on the length of a session.
@Suite struct BoundsTests {
    @Test("A full set of recent keys drops the oldest")
    func recentKeys_dropTheOldest() {
        var keys = RecentKeys(limit: 3)
        let ids = (0..<6).map { IDKey("\($0)") }
        for id in [0, 1, 0, 2, 3] { keys.insert(ids[id]) }
        #expect(ids.map(keys.contains) == [false, true, true, true, false, false])
        for id in [4, 5, 0] { keys.insert(ids[id]) }
        #expect(ids.map(keys.contains) == [true, false, false, false, true, true])
    }

    @Test("Settled items are dropped")
    func settledItems_areDropped() throws {
        var replay = SessionReplay()
        for number in 0..<2000 {
            try replay.feed(
                source(
                    Line.userText("u\(number)", "Hello", after: number > 0 ? "a\(number - 1)" : nil),
                    Line.answer("r\(number)", "a\(number)", "Hi", after: "u\(number)")))
        }
        #expect(replay.transcript.count == 4000)
        #expect(replay.state.conversation.allSlots.count <= Conversation.settledLimit + 1)
        #expect(replay.state.conversation.items.count <= Conversation.settledLimit + 8)
        #expect(replay.state.responses.count <= ResponseTracker.doneLimit + 1)
    }

    @Test("Items that never end are closed beyond a limit")
    func unfinishedItems_areBounded() throws {
        var replay = SessionReplay()
        let count = Conversation.itemLimit + 100
        for number in 0..<count {
            try replay.feed(
                source(
                    Line.says("a\(number)", in: "r", after: number > 0 ? "a\(number - 1)" : nil),
                    Line.delta("a\(number)", "\(number)", in: "r")))
        }
        #expect(replay.state.conversation.items.count <= Conversation.itemLimit + 256)
        replay.end()
        #expect(replay.transcript == (0..<count).map { "assistant (incomplete): \($0)" })
    }

    @Test("Audio lengths beyond any audio are bounded")
    func audioLengths_areBounded() throws {
        var replay = SessionReplay()
        let audio =
            #"{"type":"response.output_audio.delta","response_id":"r1","item_id":"a1","delta":9223372036854775807}"#
        try replay.feed(source(Line.says("a1", in: "r1"), audio, audio, Line.delta("a1", "Hi", in: "r1")))
        replay.end()
        #expect(replay.transcript == ["assistant (incomplete): Hi"])
    }

    @Test("Items without words are dropped")
    func itemsWithoutWords_areDropped() throws {
        var replay = SessionReplay()
        for number in 0..<1000 { try replay.feed(Line.outputItem("c\(number)")) }
        #expect(replay.state.conversation.allSlots.count <= Conversation.settledLimit + 1)
    }

    @Test("Calls that never end are dropped beyond a limit")
    func unfinishedCalls_areBounded() throws {
        var replay = SessionReplay()
        for number in 0..<PendingCalls.limit + 10 {
            try replay.feed(Line.outputAdded(Line.call("c\(number)", "look", ""), in: "r"))
        }
        #expect(replay.state.calls.open().count == PendingCalls.limit)
    }

    @Test("Deltas keep no text when no utterance events are observed")
    func unobservedDeltas_keepNoText() throws {
        let configuration = SessionConfiguration(key: "s", observed: [.routerTurnDone])
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.delta("a1", "Hello", in: "r1")))
        #expect(replay.state.conversation.items.allSatisfy { $0.parts.allSatisfy(\.text.isEmpty) })
        #expect(replay.state.conversation.items[0].parts[0].hasWords)
    }

    @Test("Ids are compared by their bytes")
    func idKey_comparesBytes() throws {
        #expect(IDKey("item_1") == IDKey(Array("item_1".utf8).span.bytes))
        #expect(IDKey("item_1") != IDKey("item_2"))
    }
}
