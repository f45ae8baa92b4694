import EventJSON
import Testing

@testable import RealtimeConnection

/// What a mock endpoint sends when it has much to send at a time.
struct MockBurstTests {
    private func play(_ burst: Int) throws -> MockPlay {
        let text = String(repeating: "so many words ", count: 40)
        var options = MockOptions()
        options.responseTime = .zero
        let recording = try MockRecording.of("- agent: \(text)", isScript: true)
        var play = MockPlay(recording, options: options)
        play.burst = burst
        return play
    }

    /// Plays to the end, and gives what was sent at each time.
    private func sent(by play: inout MockPlay) -> [[MockPlay.Output]] {
        var all = [play.opened(at: .zero)]
        all.append(play.received(Array(#"{"type":"response.create"}"#.utf8), at: .zero))
        while let wake = play.wakeTime, !play.isOver { all.append(play.advance(at: max(wake, .zero))) }
        return all
    }

    @Test("A burst is played in pieces, and comes to the same")
    func burst_inPieces() throws {
        var (whole, pieces) = (try play(.max), try play(4))
        let (all, some) = (sent(by: &whole), sent(by: &pieces))
        #expect(all.flatMap(\.self) == some.flatMap(\.self))
        #expect(all.contains { $0.count > 100 })
        #expect(some.allSatisfy { $0.count <= 4 })
    }

    @Test("Nothing is played while the client takes nothing, but the end of an expired session")
    func heldPlay() throws {
        var play = try play(4)
        _ = play.opened(at: .zero)
        _ = play.received(Array(#"{"type":"response.create"}"#.utf8), at: .zero)
        play.isPaused = true
        #expect(play.wakeTime == nil && play.advance(at: .seconds(1)).isEmpty)
        play.isPaused = false
        #expect(play.advance(at: .seconds(1)).count == 4)
    }

    @Test("Silence is the same in base64, whatever its length", arguments: 0..<8)
    func silence(bytes: Int) {
        for format in [SessionAudioSettings.Format.pcm16(rate: 24000), .mulaw, .alaw] {
            #expect(format.silence(bytes: bytes) == Base64.encode([UInt8](repeating: format.silence, count: bytes)))
        }
    }
}
