import EventJSON

extension EventType {
    /// The types in which payloads of this event type are modelled: one for each dialect that gives it another one; none for a
    /// type that is not known.
    public var payloadTypes: [any WireObject.Type] {
        if let derived = derivedPayload { return [derived] }
        var types: [any WireObject.Type] = []
        for dialect in Dialect.allCases {
            guard let payload = ServerEvent(code, dialect: dialect, json: [:]).payload else { continue }
            let type = Swift.type(of: payload as any WireObject)
            if !types.contains(where: { $0 == type }) { types.append(type) }
        }
        return types
    }

    private var derivedPayload: (any WireObject.Type)? {
        switch code {
        case .routerSessionStarted: SessionStarted.self
        case .routerSessionEnded: SessionEnded.self
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            Utterance.self
        case .routerFunctionCallReady: FunctionCall.self
        case .routerFunctionCallDone: FunctionCallOutcome.self
        case .routerResponseDone: ResponseSummary.self
        case .routerResponseInterrupted: Interruption.self
        case .routerTurnDone: Turn.self
        case .routerErrorRaised: RaisedError.self
        case .routerTurnStalled: StalledTurn.self
        case .routerUserIdle: IdleUser.self
        case .routerSessionExpiring: ExpiringSession.self
        case .routerSessionLimit: ApproachingLimit.self
        case .routerConnectionLost: LostConnection.self
        case .routerConnectionRestored: RestoredConnection.self
        default: nil
        }
    }
}
