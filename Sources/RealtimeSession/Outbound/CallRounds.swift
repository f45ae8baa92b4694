internal import RealtimeEvents

// Queues the answers of handlers, and returns what may be sent.
extension ResponseSequencer {
    /// Records the answer to a call.
    ///
    /// - Parameter origin: Why the answer is sent.
    mutating func answer(_ call: Int, _ answer: Answer, _ origin: EventOrigin = EventOrigin(.handler)) {
        client.removeCall(call)
        guard let number = roundOfCall[call],
            let index = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        rounds[number]?.calls[index].origin = origin
        if isInteractive, case .output(let output, let wantsResponse) = answer, let call = rounds[number]?.calls[index]
        {
            queue.append(Self.event(output, call), origin)
            rounds[number]?.origin = origin
            rounds[number]?.calls[index].answer = .sent
            if wantsResponse { wantResponse(number) }
        } else {
            rounds[number]?.calls[index].answer = answer
        }
        settle(number)
    }

    /// Answers a call whose round is over, with a separate create.
    mutating func answerLate(_ call: Call, _ output: String, wantsResponse: Bool, _ origin: EventOrigin) {
        client.removeCall(call.number)
        queue.append(Self.event(output, call), origin)
        if wantsResponse { dueCreates.append((call.eventID("create"), origin)) }
    }

    /// Requests a filler response while a call runs. It is created when no response is active, unless the call is
    /// answered before that or its round already had a filler.
    ///
    /// Does nothing for a source that does not answer, because time in a recording does not match the call's running
    /// time.
    mutating func addFiller(_ call: Call, _ parameters: ResponseParameters, _ origin: EventOrigin) {
        guard isInteractive else { return }
        fillers.append(
            Create(
                id: call.eventID("wait"), event: .requestResponse(parameters), origin: origin, isOfRound: true,
                call: call.number))
    }

    /// Whether the call's round is unfinished.
    func isOpen(_ call: Int) -> Bool { roundOfCall[call] != nil }

    /// Queues a handler's event. A `response.create` in the conversation waits until ``isGateOpen``.
    mutating func send(_ event: ClientEvent, _ origin: EventOrigin) {
        guard case .responseCreate(let create) = event else { return queue.append(event, origin) }
        guard let parameters = create.response else { return requestResponse(origin) }
        if parameters.conversation == "none" { return queue.append(event, origin) }
        waitingCreates.append(Create(id: create.eventID ?? queue.nextID(), event: event, origin: origin))
    }

    /// Requests a response. Requests that are served together get the origin of the first request.
    mutating func requestResponse(_ origin: EventOrigin) {
        if requestedResponse == nil { requestedResponse = origin }
    }

    /// Returns the next event that may be sent now; nil if there is none.
    mutating func next() -> OutgoingEvent? {
        if let event = queue.popFirst() { return event }
        guard isGateOpen else { return nil }
        if !waitingCreates.isEmpty {
            return sent(waitingCreates.removeFirst())
        }
        guard let origin = requestedResponse ?? dueCreates.first?.origin else { return nextFiller().map { sent($0) } }
        let create = Create(
            id: dueCreates.first?.id ?? queue.nextID(), event: .requestResponse(),
            origin: dueCreates.first?.origin ?? origin,
            isOfRound: requestedResponse == nil)
        dueCreates.removeAll()
        requestedResponse = nil
        return sent(create)
    }

    private mutating func nextFiller() -> Create? {
        while !fillers.isEmpty {
            let filler = fillers.removeFirst()
            guard let number = filler.call.flatMap({ roundOfCall[$0] }), rounds[number]?.isFilled == false,
                rounds[number]?.calls.contains(where: { $0.number == filler.call && $0.answer == .pending }) == true
            else { continue }
            rounds[number]?.isFilled = true
            return filler
        }
        return nil
    }
}

// From the answers of a round to its create.
extension ResponseSequencer {
    /// Whether a create may be sent now: no response is active or requested, and the client has no unanswered request.
    /// Always true at the end of the source.
    var isGateOpen: Bool { isAtEnd || isGateOpenForRouter && client.isEmpty }

    /// Whether a create could be sent now if the client had no unanswered requests.
    var isGateOpenForRouter: Bool { active.isEmpty && inFlight == nil && !awaitsResponseDone }

    mutating func sent(_ create: Create) -> OutgoingEvent {
        if isInteractive {
            inFlight = create.id
            lastCreate = create
        }
        return OutgoingEvent(
            create.event.withEventID(create.id), create.origin, renewal: create.isOfRound ? .isMoot : .isSent)
    }

    mutating func settle(_ number: Int) {
        if isInteractive {
            guard let round = rounds[number], let isComplete = round.isComplete, !round.isUnseen,
                !round.calls.contains(where: { $0.answer == .pending })
            else { return }
            if isComplete, round.wantsResponse { dueCreates.append((Self.createID(round), round.origin)) }
            remove(number)
        } else {
            while oldestRound < nextRound, flush(oldestRound) { oldestRound += 1 }
        }
    }

    /// Queues the known answers of a round, in order.
    ///
    /// - Returns: Whether the round is finished, so that the next round may be sent.
    private mutating func flush(_ number: Int) -> Bool {
        guard var round = rounds[number] else { return true }
        while round.flushedCount < round.calls.count {
            let call = round.calls[round.flushedCount]
            if case .pending = call.answer { break }
            if case .output(let output, let wantsResponse) = call.answer {
                queue.append(Self.event(output, call), call.origin)
                round.origin = call.origin
                if wantsResponse { round.wantsResponse = true }
            }
            round.flushedCount += 1
        }
        rounds[number] = round
        guard round.flushedCount == round.calls.count, let isComplete = round.isComplete else { return false }
        if isComplete, round.wantsResponse, !round.isShared {
            queue.append(.requestResponse(eventID: Self.createID(round)), round.origin, renewal: .isMoot)
        }
        remove(number)
        return true
    }

    private mutating func remove(_ number: Int) {
        guard let round = rounds.removeValue(forKey: number) else { return }
        for call in round.calls where roundOfCall[call.number] == number { roundOfCall[call.number] = nil }
        if let response = round.response, roundOfResponse[response] == number { roundOfResponse[response] = nil }
    }

    static func event(_ output: String, _ call: Call) -> ClientEvent {
        .functionCallOutput(output, callID: call.reference.callID, eventID: call.eventID("output"))
    }

    private static func createID(_ round: Round) -> String {
        guard let call = round.calls.first else { return "rr_create" }
        return round.responseID.map { "\(call.idPrefix)_create_\($0)" } ?? call.eventID("create")
    }
}
