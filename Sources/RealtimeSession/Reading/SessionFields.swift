package import EventJSON

/// The event fields that the session reads, as slot numbers of the plan that it shares with the rules.
///
/// Make the plan from ``paths`` and the paths of the rules, so that one scan serves both.
///
/// A class, because it is passed on with every event and has too many fields to be copied each time.
package final class SessionFields: Sendable {
    // Fields of many events
    let type: Int
    let eventID: Int
    let itemID: Int
    let previousItemID: Int
    let responseID: Int
    let callID: Int
    let contentIndex: Int
    let name: Int
    let arguments: Int
    let delta: Int
    let transcript: Int
    let textField: Int
    let speaker: Int
    let segmentStart: Int
    let segmentEnd: Int
    let partText: Int
    let partTranscript: Int
    let audioStartMs: Int
    let audioEndMs: Int
    let languageCode: Int
    let logProbability: Int
    let usage: Int
    let usageTotal: Int
    let usageInput: Int
    let usageOutput: Int

    // `error`
    let errorType: Int
    let errorCode: Int
    let errorMessage: Int
    let errorParameter: Int
    let errorEventID: Int

    // `session`
    let sessionID: Int
    let sessionType: Int
    let sessionModel: Int
    let sessionExpiresAt: Int
    let transcription: Int
    let transcriptionModel: Int
    let betaTranscription: Int
    let betaTranscriptionModel: Int
    let sessionFormat: Int
    let sessionRate: Int
    let sessionLanguage: Int
    let betaSessionFormat: Int

    // `response`
    let ownResponseID: Int
    let responseStatus: Int
    let responseReason: Int
    let responseErrorType: Int
    let responseErrorCode: Int
    let responseErrorMessage: Int
    let metadata: Int
    let conversation: Int
    let conversationID: Int
    let responseUsage: Int
    let responseUsageTotal: Int
    let responseUsageInput: Int
    let responseUsageOutput: Int
    let responseFormat: Int
    let responseRate: Int
    let betaResponseFormat: Int

    /// The fields of `item`.
    let item: ItemFields
    /// The fields of each element of `response.output`.
    let output: ItemFields

    /// The fields of an item, in whatever event it occurs.
    struct ItemFields: Sendable {
        let object: Int
        let id: Int
        let type: Int
        let status: Int
        let role: Int
        let callID: Int
        let name: Int
        let arguments: Int
        let outputText: Int
        let phase: Int
        let serverLabel: Int
        let error: Int
        let content: Int
        let contentType: Int
        let contentText: Int
        let contentTranscript: Int
    }

    /// The paths that the plan must contain.
    package static let paths: [[String]] = {
        var paths: [[String]] = []
        _ = SessionFields { path in
            paths.append(path)
            return 0
        }
        return paths
    }()

    /// Looks up the slot numbers.
    ///
    /// - Precondition: The plan contains all ``paths``.
    package convenience init(_ plan: FieldPlan) {
        self.init { path in
            guard let slot = plan.slot(path) else {
                preconditionFailure("The plan lacks the path \(path.joined(separator: ".")).")
            }
            return slot
        }
    }

    /// Sets every slot number from its path. This is the only place that maps fields to paths.
    private init(_ slot: ([String]) -> Int) {
        func at(_ path: String) -> Int { slot(path.split(separator: ".").map(String.init)) }

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
        sessionLanguage = at("session.audio.output.language")
        betaSessionFormat = at("session.output_audio_format")

        ownResponseID = at("response.id")
        responseStatus = at("response.status")
        responseReason = at("response.status_details.reason")
        responseErrorType = at("response.status_details.error.type")
        responseErrorCode = at("response.status_details.error.code")
        responseErrorMessage = at("response.status_details.error.message")
        metadata = at("response.metadata")
        conversation = at("response.conversation")
        conversationID = at("response.conversation_id")
        responseUsage = at("response.usage")
        responseUsageTotal = at("response.usage.total_tokens")
        responseUsageInput = at("response.usage.input_tokens")
        responseUsageOutput = at("response.usage.output_tokens")
        responseFormat = at("response.audio.output.format.type")
        responseRate = at("response.audio.output.format.rate")
        betaResponseFormat = at("response.output_audio_format")

        item = ItemFields("item", at)
        output = ItemFields("response.output", at)
    }
}

extension SessionFields.ItemFields {
    fileprivate init(_ path: String, _ at: (String) -> Int) {
        object = at(path)
        id = at("\(path).id")
        type = at("\(path).type")
        status = at("\(path).status")
        role = at("\(path).role")
        callID = at("\(path).call_id")
        name = at("\(path).name")
        arguments = at("\(path).arguments")
        outputText = at("\(path).output")
        phase = at("\(path).phase")
        serverLabel = at("\(path).server_label")
        error = at("\(path).error")
        content = at("\(path).content")
        contentType = at("\(path).content.type")
        contentText = at("\(path).content.text")
        contentTranscript = at("\(path).content.transcript")
    }
}
