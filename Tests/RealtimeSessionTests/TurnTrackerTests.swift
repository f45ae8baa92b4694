import RealtimeEvents
import Testing

@testable import RealtimeSession

@Suite struct TurnTrackerTests {
    @Test("Turns are counted by answered speech")
    func turns_areCountedByAnsweredSpeech() {
        var turns = TurnTracker()
        #expect(turns.number == 0)
        turns.userBegan(itemID: "u1")
        turns.userBegan(itemID: "u2")
        #expect(turns.number == 1)
        turns.userEnded(at: 3, .speechStopped)
        turns.answerBegan(1)
        turns.userEnded(at: 9, .item)
        turns.userBegan(itemID: "u3")
        #expect(turns.number == 2)
        let first = turns.finish(1)
        #expect(first?.itemID == "u2" && first?.endedAt == 3 && first?.basis == .speechStopped)
        #expect(turns.finish(1) == nil)
        #expect(turns.finish(2)?.itemID == "u3")
        turns.userBegan(itemID: "u4")
        #expect(turns.number == 3)
    }

    @Test("Tokens add up and never overflow")
    func tokens_addUpWithoutOverflow() {
        var turns = TurnTracker()
        turns.userBegan(itemID: nil)
        turns.add(tokens: 5, input: nil, output: 2, to: 1)
        turns.add(tokens: .max, input: nil, output: 3, to: 1)
        turns.add(tokens: 1, input: 1, output: 1, to: 7)
        let turn = turns.finish(1)
        #expect(turn?.tokens == 5 && turn?.inputTokens == nil && turn?.outputTokens == 5)
    }
}
