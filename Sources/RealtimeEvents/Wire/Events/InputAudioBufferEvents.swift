/// `input_audio_buffer.cleared`: the client's audio was discarded. Realtime API, GA and beta.
public struct InputAudioBufferCleared: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `input_audio_buffer.committed`: the client's audio became an item. Realtime API, GA and beta.
public struct InputAudioBufferCommitted: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The user's item that the audio will become.
    public var itemID: String?
    /// The previous item; null for the first item.
    public var previousItemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("previous_item_id", &previousItemID)
    }
}

/// `input_audio_buffer.speech_started`: the user began to speak. Realtime API, GA and beta.
public struct InputAudioBufferSpeechStarted: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The user's item that the audio will become.
    public var itemID: String?
    /// Where speech begins in all audio sent so far, in milliseconds.
    public var audioStartMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("audio_start_ms", &audioStartMs)
    }
}

/// `input_audio_buffer.speech_stopped`: the user stopped speaking. Realtime API, GA and beta.
public struct InputAudioBufferSpeechStopped: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The user's item that the audio will become.
    public var itemID: String?
    /// Where speech ends in all audio sent so far, in milliseconds.
    public var audioEndMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("audio_end_ms", &audioEndMs)
    }
}

/// `input_audio_buffer.timeout_triggered`: the user stayed silent for too long. Realtime API, GA.
public struct InputAudioBufferTimeoutTriggered: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item that the silence will become.
    public var itemID: String?
    /// Where silence begins in all audio sent so far, in milliseconds.
    public var audioStartMs: Int?
    /// Where silence ends in that audio, in milliseconds.
    public var audioEndMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("audio_start_ms", &audioStartMs)
        coder.field("audio_end_ms", &audioEndMs)
    }
}

/// `input_audio_buffer.dtmf_event_received`: a telephone key was pressed. Realtime API, GA, SIP. The server sends no
/// `event_id` with it.
public struct InputAudioBufferDTMFEventReceived: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The key: 0 to 9, `*`, `#`, A to D.
    public var event: String?
    /// When the key was pressed, in seconds since 1970.
    public var receivedAt: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("event", &event, of: TelephoneKey.self)
        coder.field("received_at", &receivedAt)
    }
}

/// A telephone key: the values of ``InputAudioBufferDTMFEventReceived/event``.
public struct TelephoneKey: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The values that the protocol names: `0` to `9`, `*`, `#`, `A` to `D`.
    public static let known: [TelephoneKey] = "0123456789*#ABCD".map { TelephoneKey(rawValue: String($0)) }
}
