internal import RealtimeEvents

// What handlers say, and what may go out.
extension ResponseSequencer {
    /// Takes the answer to a call in.
    ///
    /// - Parameter origin: What it is sent for.
    mutating func answer(_ call: Int, _ answer: Answer, _ origin: EventOrigin = EventOrigin(.handler)) {
        client.settle(call)
        guard let number = roundOfCall[call],
            let place = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        rounds[number]?.calls[place].origin = origin
        if isInteractive, case .output(let output, let wantsResponse) = answer, let call = rounds[number]?.calls[place]
        {
            queue.append(Self.event(output, call), origin)
            rounds[number]?.origin = origin
            rounds[number]?.calls[place].answer = .sent
            if wantsResponse { wantResponse(number) }
        } else {
            rounds[number]?.calls[place].answer = answer
        }
        settle(number)
    }

    /// Answers a call whose round is over: with a create of its own.
    mutating func answerLate(_ call: Call, _ output: String, wantsResponse: Bool, _ origin: EventOrigin) {
        client.settle(call.number)
        queue.append(Self.event(output, call), origin)
        if wantsResponse { due.append((call.eventID("create"), origin)) }
    }

    /// Lets the model say something while a call runs: when no response is active, unless the call is answered by then or
    /// something was said for another one of its round.
    ///
    /// A source that does not answer says nothing: its time is not that of the call.
    mutating func fill(_ call: Call, _ parameters: ResponseParameters, _ origin: EventOrigin) {
        guard isInteractive else { return }
        fillers.append(
            Create(
                id: call.eventID("wait"), event: .requestResponse(parameters), origin: origin, isOfRound: true,
                call: call.number))
    }

    /// Whether a call's round is not over.
    func isOpen(_ call: Int) -> Bool { roundOfCall[call] != nil }

    /// Sends a handler's event; one that asks for a response in the conversation waits for the gate.
    mutating func send(_ event: ClientEvent, _ origin: EventOrigin) {
        guard case .responseCreate(let create) = event else { return queue.append(event, origin) }
        guard let parameters = create.response else { return requestResponse(origin) }
        if parameters.conversation == "none" { return queue.append(event, origin) }
        waitingCreates.append(Create(id: create.eventID ?? queue.nextID(), event: event, origin: origin))
    }

    /// Asks for a response. Of several wishes that are served together the first one's origin counts.
    mutating func requestResponse(_ origin: EventOrigin) {
        if wish == nil { wish = origin }
    }

    /// What may go out now.
    mutating func next() -> OutgoingEvent? {
        if let event = queue.popFirst() { return event }
        guard isGateOpen else { return nil }
        if !waitingCreates.isEmpty {
            return sent(waitingCreates.removeFirst())
        }
        guard let origin = wish ?? due.first?.origin else { return nextFiller().map { sent($0) } }
        let create = Create(
            id: due.first?.id ?? queue.nextID(), event: .requestResponse(), origin: due.first?.origin ?? origin,
            isOfRound: wish == nil)
        due.removeAll()
        wish = nil
        return sent(create)
    }

    private mutating func nextFiller() -> Create? {
        while !fillers.isEmpty {
            let filler = fillers.removeFirst()
            guard let number = filler.call.flatMap({ roundOfCall[$0] }), rounds[number]?.isFilled == false,
                rounds[number]?.calls.contains(where: { $0.number == filler.call && $0.answer == .owed }) == true
            else { continue }
            rounds[number]?.isFilled = true
            return filler
        }
        return nil
    }
}

// From the answers of a round to its create.
extension ResponseSequencer {
    var isGateOpen: Bool { isAtEnd || isGateOpenForUs && client.isEmpty }

    /// Whether the gate is open, the client aside.
    var isGateOpenForUs: Bool { active.isEmpty && inFlight == nil && !awaitsDone }

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
                !round.calls.contains(where: { $0.answer == .owed })
            else { return }
            if isComplete, round.wantsResponse { due.append((Self.createID(round), round.origin)) }
            remove(number)
        } else {
            while oldestRound < nextRound, dealWith(oldestRound) { oldestRound += 1 }
        }
    }

    /// Queues what is known of a round, in order.
    ///
    /// - Returns: whether the round is over, so that the next one may go out.
    private mutating func dealWith(_ number: Int) -> Bool {
        guard var round = rounds[number] else { return true }
        while round.dealtWith < round.calls.count {
            let call = round.calls[round.dealtWith]
            if case .owed = call.answer { break }
            if case .output(let output, let wantsResponse) = call.answer {
                queue.append(Self.event(output, call), call.origin)
                round.origin = call.origin
                if wantsResponse { round.wantsResponse = true }
            }
            round.dealtWith += 1
        }
        rounds[number] = round
        guard round.dealtWith == round.calls.count, let isComplete = round.isComplete else { return false }
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
