import EventJSON

/// The audio formats and the voice detection of a session, in any generation of the API.
struct SessionAudioSettings {
    /// An audio format.
    enum Format: Sendable, Hashable {
        case pcm16(rate: Int)
        case mulaw
        case alaw

        /// Parses a format from its JSON: a string, or an object with `type`.
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

        /// The number of bytes per second.
        var bytesPerSecond: Int {
            switch self {
            case .pcm16(let rate): rate * 2
            case .mulaw, .alaw: 8000
            }
        }

        /// The byte that encodes silence.
        var silence: UInt8 {
            switch self {
            case .pcm16: 0
            case .mulaw: 0xFF
            case .alaw: 0xD5
            }
        }

        /// The duration of a number of bytes, in milliseconds.
        func milliseconds(bytes: Int) -> Double { Double(bytes) * 1000 / Double(bytesPerSecond) }

        /// Silence as base64.
        func silence(bytes: Int) -> String {
            // Three bytes encode as four characters, so the text is a repetition.
            let whole = Base64.encode([UInt8](repeating: silence, count: 3))
            return String(repeating: whole, count: bytes / 3)
                + Base64.encode([UInt8](repeating: silence, count: bytes % 3))
        }
    }

    /// A duration as a whole number of milliseconds, for events and messages.
    static func whole(_ milliseconds: Double) -> Int { Int(min(max(0, milliseconds), 1e15)) }

    /// The number of audio bytes in a field: base64 text, or the byte count that recordings store instead of audio.
    static func byteCount(_ value: JSONValue?) -> Int {
        if let count = value?.int { return max(0, count) }
        guard let text = value?.string else { return 0 }
        return Base64.decodedCount(Array(text.utf8).span.bytes)
    }

    let input: Format
    let output: Format
    /// The output format and voice, as each response contains them.
    let outputSettings: JSONValue
    /// The `turn_detection` settings; nil if the client commits audio itself.
    let detection: JSONObject?
    /// Whether the user's speech is transcribed.
    let transcribes: Bool
    /// Whether responses are spoken, instead of text only.
    let speaks: Bool
    /// Whether this is a transcription session.
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

    /// Whether the server starts a response when the user has spoken.
    var createsResponses: Bool {
        !isTranscription && detection != nil && detection?["create_response"]?.bool != false
    }
}
