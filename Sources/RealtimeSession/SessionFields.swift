public import EventJSON

/// The fields of an event that the session's state reads, as slots of the plan that the rules share.
///
/// Make the plan from ``paths`` and the paths of the rules, so that one scan serves both.
public struct SessionFields: Sendable {
    // Of many events.
    private(set) var type = 0
    private(set) var eventID = 0
    private(set) var itemID = 0
    private(set) var previousItemID = 0
    private(set) var responseID = 0
    private(set) var callID = 0
    private(set) var contentIndex = 0
    private(set) var name = 0
    private(set) var arguments = 0
    private(set) var delta = 0
    private(set) var transcript = 0
    private(set) var textField = 0
    private(set) var speaker = 0
    private(set) var segmentStart = 0
    private(set) var segmentEnd = 0
    private(set) var partText = 0
    private(set) var partTranscript = 0
    private(set) var audioStartMs = 0
    private(set) var audioEndMs = 0
    private(set) var languageCode = 0
    private(set) var logProbability = 0
    private(set) var usage = 0
    private(set) var usageTotal = 0
    private(set) var usageInput = 0
    private(set) var usageOutput = 0

    // `error`
    private(set) var errorType = 0
    private(set) var errorCode = 0
    private(set) var errorMessage = 0
    private(set) var errorParameter = 0
    private(set) var errorEventID = 0

    // `session`
    private(set) var sessionID = 0
    private(set) var sessionType = 0
    private(set) var sessionModel = 0
    private(set) var sessionExpiresAt = 0
    private(set) var transcription = 0
    private(set) var transcriptionModel = 0
    private(set) var betaTranscription = 0
    private(set) var betaTranscriptionModel = 0
    private(set) var sessionFormat = 0
    private(set) var sessionRate = 0
    private(set) var betaSessionFormat = 0

    // `response`
    private(set) var ownResponseID = 0
    private(set) var responseStatus = 0
    private(set) var responseReason = 0
    private(set) var responseErrorType = 0
    private(set) var responseErrorCode = 0
    private(set) var responseErrorMessage = 0
    private(set) var conversation = 0
    private(set) var conversationID = 0
    private(set) var responseUsage = 0
    private(set) var responseUsageTotal = 0
    private(set) var responseUsageInput = 0
    private(set) var responseUsageOutput = 0
    private(set) var responseFormat = 0
    private(set) var responseRate = 0
    private(set) var betaResponseFormat = 0

    /// The fields of `item`.
    private(set) var item = ItemFields()
    /// The fields of each element of `response.output`.
    private(set) var output = ItemFields()

    /// The fields of an item, wherever one stands.
    struct ItemFields: Sendable {
        var whole = 0
        var id = 0
        var type = 0
        var status = 0
        var role = 0
        var callID = 0
        var name = 0
        var arguments = 0
        var outputText = 0
        var content = 0
        var contentType = 0
        var contentText = 0
        var contentTranscript = 0
    }

    /// The paths that the plan must have.
    public static let paths: [[String]] = {
        var paths: [[String]] = []
        var fields = SessionFields()
        fields.lookUp { path in
            paths.append(path)
            return 0
        }
        return paths
    }()

    /// Looks the slots up.
    ///
    /// - Precondition: the plan has all ``paths``.
    public init(_ plan: FieldPlan) {
        lookUp { path in
            guard let slot = plan.slot(path) else {
                preconditionFailure("The plan lacks the path \(path.joined(separator: ".")).")
            }
            return slot
        }
    }

    private init() {}
}

extension SessionFields {
    /// Sets every slot from its path: the one place that says which field stands where.
    private mutating func lookUp(_ slot: ([String]) -> Int) {
        func at(_ path: String) -> Int { slot(path.split(separator: ".").map(String.init)) }
        lookUpCommon(at)
        lookUpSession(at)
        lookUpResponse(at)
        item = ItemFields("item", at)
        output = ItemFields("response.output", at)
    }

    private mutating func lookUpCommon(_ at: (String) -> Int) {
        type = at("type")
        eventID = at("event_id")
        itemID = at("item_id")
        previousItemID = at("previous_item_id")
        responseID = at("response_id")
        callID = at("call_id")
        contentIndex = at("content_index")
        name = at("name")
        arguments = at("arguments")
        delta = at("delta")
        transcript = at("transcript")
        textField = at("text")
        speaker = at("speaker")
        segmentStart = at("start")
        segmentEnd = at("end")
        partText = at("part.text")
        partTranscript = at("part.transcript")
        audioStartMs = at("audio_start_ms")
        audioEndMs = at("audio_end_ms")
        languageCode = at("languages.code")
        logProbability = at("logprobs.logprob")
        usage = at("usage")
        usageTotal = at("usage.total_tokens")
        usageInput = at("usage.input_tokens")
        usageOutput = at("usage.output_tokens")
        errorType = at("error.type")
        errorCode = at("error.code")
        errorMessage = at("error.message")
        errorParameter = at("error.param")
        errorEventID = at("error.event_id")
    }

    private mutating func lookUpSession(_ at: (String) -> Int) {
        sessionID = at("session.id")
        sessionType = at("session.type")
        sessionModel = at("session.model")
        sessionExpiresAt = at("session.expires_at")
        transcription = at("session.audio.input.transcription")
        transcriptionModel = at("session.audio.input.transcription.model")
        betaTranscription = at("session.input_audio_transcription")
        betaTranscriptionModel = at("session.input_audio_transcription.model")
        sessionFormat = at("session.audio.output.format.type")
        sessionRate = at("session.audio.output.format.rate")
        betaSessionFormat = at("session.output_audio_format")
    }

    private mutating func lookUpResponse(_ at: (String) -> Int) {
        ownResponseID = at("response.id")
        responseStatus = at("response.status")
        responseReason = at("response.status_details.reason")
        responseErrorType = at("response.status_details.error.type")
        responseErrorCode = at("response.status_details.error.code")
        responseErrorMessage = at("response.status_details.error.message")
        conversation = at("response.conversation")
        conversationID = at("response.conversation_id")
        responseUsage = at("response.usage")
        responseUsageTotal = at("response.usage.total_tokens")
        responseUsageInput = at("response.usage.input_tokens")
        responseUsageOutput = at("response.usage.output_tokens")
        responseFormat = at("response.audio.output.format.type")
        responseRate = at("response.audio.output.format.rate")
        betaResponseFormat = at("response.output_audio_format")
    }
}

extension SessionFields.ItemFields {
    fileprivate init(_ place: String, _ at: (String) -> Int) {
        whole = at(place)
        id = at("\(place).id")
        type = at("\(place).type")
        status = at("\(place).status")
        role = at("\(place).role")
        callID = at("\(place).call_id")
        name = at("\(place).name")
        arguments = at("\(place).arguments")
        outputText = at("\(place).output")
        content = at("\(place).content")
        contentType = at("\(place).content.type")
        contentText = at("\(place).content.text")
        contentTranscript = at("\(place).content.transcript")
    }
}
