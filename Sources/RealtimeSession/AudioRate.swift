internal import EventJSON

/// How many bytes a second of audio has, by the names that sessions and responses give to their format.
enum AudioRate {
    /// 24 kHz, 16 bits, mono: what the protocol has unless something else is said.
    static let pcm24 = 48_000
    private static let g711 = 8_000

    /// The rate of the format in two fields; nil when none is named.
    static func read(_ format: Int, rate: Int?, _ event: borrowing EventReader) -> Int? {
        for name in ["g711_ulaw", "g711_alaw", "audio/pcmu", "audio/pcma"] as [StaticString]
        where event.equals(format, name) {
            return g711
        }
        for name in ["pcm16", "audio/pcm"] as [StaticString] where event.equals(format, name) {
            let samples = rate.flatMap { event.int($0) } ?? 24_000
            return (1...1_000_000).contains(samples) ? samples * 2 : pcm24
        }
        return nil
    }
}
