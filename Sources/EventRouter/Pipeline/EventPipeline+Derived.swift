import EventJSON
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Routes the derived events of the last step.
    mutating func dispatchDerived() {
        defer { takeOutbound() }
        guard !derived.isEmpty else { return }
        let events = derived
        derived.removeAll()
        guard !isFinished else { return }
        for event in events {
            counts.derived += 1
            let text = event.bytes.span.bytes
            guard (try? table.plan.scan(text, into: &slots)) != nil else { continue }
            let earlier = earlierScope(of: text)
            if let earlier { swap(&scope, &earlierScopes[earlier]) }
            isCallReplayed = event.isReplayed
            let isOfClient = event.code == .routerFunctionCallReady && ownsFunctions && !isOwnCall(text)
            isCallOfClient = isOfClient
            let taken = dispatch(event.code, text, position: event.position, at: event.at)
            isCallReplayed = false
            isCallOfClient = false
            if isObserved { notifyObserver(event.code, event.position, event.at, event: text, line: text) }
            if let earlier { swap(&scope, &earlierScopes[earlier]) }
            guard event.code == .routerFunctionCallReady, !event.isReplayed else { continue }
            if let call = event.call { settle(call, isTaken: taken, isOfClient: isOfClient) }
            if !taken, !isOfClient { noteUnroutedCall(text) }
        }
        if !derived.isEmpty { return dispatchDerived() }
        if state.outstandingCallCount == 0 { earlierScopes = [] }
    }

    /// The index of the replaced session that the scanned derived event belongs to; nil for the current session.
    private mutating func earlierScope(of text: RawSpan) -> Int? {
        guard !earlierScopes.isEmpty, let key = slots.string(slot: table.envelope.session, in: text) else { return nil }
        return earlierScopes.lastIndex { $0.session.key == key }
    }

    private mutating func settle(_ call: CallReference, isTaken: Bool, isOfClient: Bool) {
        if isTaken && !options.isDryRun {
            state.take(call)
        } else if table.answersUnroutedCalls || ownsFunctions, !isOfClient, !options.isDryRun, !isReplay,
            maySendClientEvents
        {
            state.take(call)
            state.complete(.unrouted(call), into: &derived)
        } else {
            state.decline(call)
        }
    }

    /// Begins a new session on the same source. Remaining events of the old session are routed as its own.
    mutating func renewSession() {
        if scope.session.isInteractive { scope.session.abandonCalls(.sessionReplaced, upTo: .max) }
        if !derived.isEmpty || state.outstandingCallCount > 0 { earlierScopes.append(scope) }
        scope = SessionScope(makeSession(key: state.sessionKey))
    }

    mutating func takeOutbound() {
        while let event = state.nextOutbound() {
            outbound.append(OutboundEntry(outgoing: event, connection: connection))
        }
        noteUnsent()
    }
}
