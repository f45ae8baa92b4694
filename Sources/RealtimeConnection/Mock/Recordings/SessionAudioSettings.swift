import EventJSON

/// The audio formats and the voice detection of a session, whichever generation describes it.
struct SessionAudioSettings {
    /// An audio format.
    enum Format: Sendable, Hashable {
        case pcm16(rate: Int)
        case mulaw
        case alaw

        /// The format by its name on the wire: a string, or an object with `type`.
        init?(_ value: JSONValue?) {
            switch value?.string ?? value?["type"]?.string {
            case "pcm16", "audio/pcm":
                let rate = value?["rate"]?.int ?? 24_000
                self = .pcm16(rate: (1...1_000_000).contains(rate) ? rate : 24_000)
            case "g711_ulaw", "audio/pcmu": self = .mulaw
            case "g711_alaw", "audio/pcma": self = .alaw
            default: return nil
            }
        }

        /// How many bytes a second has.
        var bytesPerSecond: Int {
            switch self {
            case .pcm16(let rate): rate * 2
            case .mulaw, .alaw: 8000
            }
        }

        /// A byte of silence.
        var silence: UInt8 {
            switch self {
            case .pcm16: 0
            case .mulaw: 0xFF
            case .alaw: 0xD5
            }
        }

        /// How long so many bytes are, in milliseconds.
        func milliseconds(bytes: Int) -> Double { Double(bytes) * 1000 / Double(bytesPerSecond) }

        /// Silence in base64.
        func silence(bytes: Int) -> String {
            // Three bytes are four characters, always the same.
            let whole = Base64.encode([UInt8](repeating: silence, count: 3))
            return String(repeating: whole, count: bytes / 3)
                + Base64.encode([UInt8](repeating: silence, count: bytes % 3))
        }
    }

    /// A whole number of milliseconds, for events and messages.
    static func whole(_ milliseconds: Double) -> Int { Int(min(max(0, milliseconds), 1e15)) }

    /// How much audio a field holds: base64, or the number of bytes that recordings keep in its place.
    static func byteCount(_ value: JSONValue?) -> Int {
        if let count = value?.int { return max(0, count) }
        guard let text = value?.string else { return 0 }
        return Base64.decodedCount(Array(text.utf8).span.bytes)
    }

    let input: Format
    let output: Format
    /// The format and the voice of responses, as responses repeat them.
    let outputSettings: JSONValue
    /// The configuration of voice detection; nil if the client commits audio itself.
    let detection: JSONObject?
    /// Whether the user's speech is transcribed.
    let transcribes: Bool
    /// Whether responses are spoken.
    let speaks: Bool
    /// Whether the session only transcribes.
    private let isTranscription: Bool

    init(_ session: JSONObject) {
        let audio = session["audio"]
        let input = audio?["input"]
        self.input = Format(input?["format"] ?? session["input_audio_format"]) ?? .pcm16(rate: 24_000)
        output = Format(audio?["output"]?["format"] ?? session["output_audio_format"]) ?? .pcm16(rate: 24_000)
        var settings = JSONObject()
        for name in ["format", "voice"] { settings[name] = audio?["output"]?[name] }
        outputSettings = .object(settings)
        detection = (input?["turn_detection"] ?? session["turn_detection"])?.object
        transcribes = (input?["transcription"] ?? session["input_audio_transcription"])?.object != nil
        let modalities = (session["output_modalities"] ?? session["modalities"])?.array
        isTranscription = session["type"]?.string == "transcription"
        speaks = modalities?.contains("audio") ?? true
    }

    /// Whether the server begins a response when the user has spoken.
    var createsResponses: Bool {
        !isTranscription && detection != nil && detection?["create_response"]?.bool != false
    }
}
