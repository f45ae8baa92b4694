internal import EventJSON

/// How many bytes a second of audio has, by the names that sessions and responses give to their format.
enum AudioRate {
    /// 24 kHz, 16 bits, mono: what the protocol has unless something else is said.
    static let pcm24 = 48_000
    private static let g711 = 8_000

    /// The rate of the format in two slots; nil when none is named.
    static func read(_ format: Int, rate: Int?, _ slots: inout FieldSlots, _ text: RawSpan) -> Int? {
        for name in ["g711_ulaw", "g711_alaw", "audio/pcmu", "audio/pcma"] as [StaticString]
        where slots.equals(slot: format, in: text, name) {
            return g711
        }
        for name in ["pcm16", "audio/pcm"] as [StaticString] where slots.equals(slot: format, in: text, name) {
            let samples = rate.flatMap { slots.int(slot: $0, in: text) } ?? 24_000
            return (1...1_000_000).contains(samples) ? samples * 2 : pcm24
        }
        return nil
    }
}
