#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension EventType {
    /// The canonical name of a known type; empty for `.unknown`.
    public static func canonicalName(_ code: Code) -> StaticString {
        switch code {
        case .unknown: ""
        case .conversationCreated: "conversation.created"
        case .conversationItemAdded: "conversation.item.added"
        case .conversationItemCreated: "conversation.item.created"
        case .conversationItemDeleted: "conversation.item.deleted"
        case .conversationItemDone: "conversation.item.done"
        case .conversationItemInputAudioTranscriptionCompleted: "conversation.item.input_audio_transcription.completed"
        case .conversationItemInputAudioTranscriptionDelta: "conversation.item.input_audio_transcription.delta"
        case .conversationItemInputAudioTranscriptionFailed: "conversation.item.input_audio_transcription.failed"
        case .conversationItemInputAudioTranscriptionSegment: "conversation.item.input_audio_transcription.segment"
        case .conversationItemRetrieved: "conversation.item.retrieved"
        case .conversationItemTruncated: "conversation.item.truncated"
        case .error: "error"
        case .inputAudioBufferCleared: "input_audio_buffer.cleared"
        case .inputAudioBufferCommitted: "input_audio_buffer.committed"
        case .inputAudioBufferDTMFEventReceived: "input_audio_buffer.dtmf_event_received"
        case .inputAudioBufferSpeechStarted: "input_audio_buffer.speech_started"
        case .inputAudioBufferSpeechStopped: "input_audio_buffer.speech_stopped"
        case .inputAudioBufferTimeoutTriggered: "input_audio_buffer.timeout_triggered"
        case .mcpListToolsCompleted: "mcp_list_tools.completed"
        case .mcpListToolsFailed: "mcp_list_tools.failed"
        case .mcpListToolsInProgress: "mcp_list_tools.in_progress"
        case .outputAudioBufferCleared: "output_audio_buffer.cleared"
        case .outputAudioBufferStarted: "output_audio_buffer.started"
        case .outputAudioBufferStopped: "output_audio_buffer.stopped"
        case .rateLimitsUpdated: "rate_limits.updated"
        case .responseContentPartAdded: "response.content_part.added"
        case .responseContentPartDone: "response.content_part.done"
        case .responseCreated: "response.created"
        case .responseDone: "response.done"
        case .responseFunctionCallArgumentsDelta: "response.function_call_arguments.delta"
        case .responseFunctionCallArgumentsDone: "response.function_call_arguments.done"
        case .responseMCPCallCompleted: "response.mcp_call.completed"
        case .responseMCPCallFailed: "response.mcp_call.failed"
        case .responseMCPCallInProgress: "response.mcp_call.in_progress"
        case .responseMCPCallArgumentsDelta: "response.mcp_call_arguments.delta"
        case .responseMCPCallArgumentsDone: "response.mcp_call_arguments.done"
        case .responseOutputAudioDelta: "response.output_audio.delta"
        case .responseOutputAudioDone: "response.output_audio.done"
        case .responseOutputAudioTranscriptDelta: "response.output_audio_transcript.delta"
        case .responseOutputAudioTranscriptDone: "response.output_audio_transcript.done"
        case .responseOutputItemAdded: "response.output_item.added"
        case .responseOutputItemDone: "response.output_item.done"
        case .responseOutputTextDelta: "response.output_text.delta"
        case .responseOutputTextDone: "response.output_text.done"
        case .sessionCreated: "session.created"
        case .sessionUpdated: "session.updated"
        case .transcriptionSessionCreated: "transcription_session.created"
        case .transcriptionSessionUpdated: "transcription_session.updated"
        case .sessionClosed: "session.closed"
        case .sessionInputTranscriptDelta: "session.input_transcript.delta"
        case .sessionOutputAudioDelta: "session.output_audio.delta"
        case .sessionOutputTranscriptDelta: "session.output_transcript.delta"
        case .routerSessionStarted: "router.session.started"
        case .routerSessionEnded: "router.session.ended"
        case .routerUtteranceUpdated: "router.utterance.updated"
        case .routerUtteranceHeard: "router.utterance.heard"
        case .routerUtteranceDone: "router.utterance.done"
        case .routerUtteranceRevised: "router.utterance.revised"
        case .routerFunctionCallReady: "router.function_call.ready"
        case .routerFunctionCallDone: "router.function_call.done"
        case .routerResponseDone: "router.response.done"
        case .routerResponseInterrupted: "router.response.interrupted"
        case .routerTurnDone: "router.turn.done"
        case .routerErrorRaised: "router.error.raised"
        case .routerTurnStalled: "router.turn.stalled"
        case .routerUserIdle: "router.user.idle"
        case .routerSessionExpiring: "router.session.expiring"
        case .routerSessionLimit: "router.session.limit"
        case .routerConnectionLost: "router.connection.lost"
        case .routerConnectionRestored: "router.connection.restored"
        }
    }
}

extension EventType {
    /// The beta names of types that GA renamed, with the canonical code.
    public static let betaNames: [(name: StaticString, code: Code)] = [
        ("response.audio.delta", .responseOutputAudioDelta),
        ("response.audio.done", .responseOutputAudioDone),
        ("response.audio_transcript.delta", .responseOutputAudioTranscriptDelta),
        ("response.audio_transcript.done", .responseOutputAudioTranscriptDone),
        ("response.text.delta", .responseOutputTextDelta),
        ("response.text.done", .responseOutputTextDone),
    ]

    /// All canonical names, derived ones included, without the beta names.
    public static let knownNames: [String] = Code.allCases.filter { $0 != .unknown }.map {
        canonicalName($0).description
    }

    /// The code of a type's name on the wire, and whether the name is the beta name of a renamed type.
    ///
    /// Returns `.unknown` for names that this version does not know. Does not allocate.
    ///
    /// - Parameter name: The unescaped value of `type`, in UTF-8.
    public static func code(ofWireName name: RawSpan) -> (code: Code, isAlias: Bool) {
        guard let entry = table.find(name) else { return (.unknown, false) }
        return (entry.code, entry.isAlias)
    }

    private static let table = EventNameTable(
        names: Code.allCases.filter { $0 != .unknown }.map { (canonicalName($0), $0) }, aliases: betaNames)
}

/// Finds the code of a known type name by its bytes. Every event is looked up here once.
///
/// An open-addressed hash table. Names have different endings and lengths, so a hash of the last eight bytes and the
/// length hardly ever collides.
struct EventNameTable: Sendable {
    struct Entry: Sendable {
        let name: StaticString
        let code: EventType.Code
        let isAlias: Bool

        func isNamed(_ other: RawSpan) -> Bool {
            let count = name.utf8CodeUnitCount
            return count == other.byteCount
                && other.withUnsafeBytes { count == 0 || memcmp($0.baseAddress!, name.utf8Start, count) == 0 }
        }
    }

    private static let mask = 255
    private var slots = [UInt8](repeating: .max, count: mask + 1)
    private var entries: [Entry] = []

    init(names: [(StaticString, EventType.Code)], aliases: [(StaticString, EventType.Code)]) {
        for (name, code) in names { insert(Entry(name: name, code: code, isAlias: false)) }
        for (name, code) in aliases { insert(Entry(name: name, code: code, isAlias: true)) }
    }

    private mutating func insert(_ entry: Entry) {
        entry.name.withUTF8Buffer { name in
            precondition(find(name.span.bytes) == nil, "\(entry.name) is in the table twice")
            var slot = Self.hash(name.span.bytes)
            while slots[slot] != .max { slot = (slot + 1) & Self.mask }
            slots[slot] = UInt8(entries.count)
        }
        entries.append(entry)
    }

    func find(_ name: RawSpan) -> Entry? {
        var slot = Self.hash(name)
        while slots[slot] != .max {
            let entry = entries[Int(slots[slot])]
            if entry.isNamed(name) { return entry }
            slot = (slot + 1) & Self.mask
        }
        return nil
    }

    private static func hash(_ name: RawSpan) -> Int {
        let mixed = (lastWord(name) ^ UInt64(truncatingIfNeeded: name.byteCount)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 56)
    }

    /// The last eight bytes of the name, or the whole name if it is shorter.
    private static func lastWord(_ name: RawSpan) -> UInt64 {
        if name.byteCount >= 8 {
            return name.unsafeLoadUnaligned(fromByteOffset: name.byteCount - 8, as: UInt64.self)
        }
        var word: UInt64 = 0
        for index in 0..<name.byteCount {
            word = word << 8 | UInt64(name.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return word
    }
}
