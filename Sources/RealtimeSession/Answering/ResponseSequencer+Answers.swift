internal import RealtimeEvents

// What handlers say, and what may go out.
extension ResponseSequencer {
    /// Takes the answer to a call in.
    mutating func answer(_ call: Int, _ answer: Answer) {
        client.settle(call)
        guard let number = roundOfCall[call],
            let place = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        if isInteractive, case .output(let output, let wantsResponse) = answer, let call = rounds[number]?.calls[place]
        {
            queue.append(Self.event(output, call))
            rounds[number]?.calls[place].answer = .sent
            if wantsResponse { wantResponse(number) }
        } else {
            rounds[number]?.calls[place].answer = answer
        }
        settle(number)
    }

    /// Answers a call whose round is over: with a create of its own.
    mutating func answerLate(_ call: Call, _ output: String, wantsResponse: Bool) {
        client.settle(call.number)
        queue.append(Self.event(output, call))
        if wantsResponse { due.append(call.eventID("create")) }
    }

    /// Lets the model say something while a call runs: when no response is active, unless the call is answered by then or
    /// something was said for another one of its round.
    ///
    /// A source that does not answer says nothing: its time is not that of the call.
    mutating func fill(_ call: Call, _ parameters: ResponseParameters) {
        guard isInteractive else { return }
        fillers.append(Create(id: call.eventID("wait"), event: .requestResponse(parameters), call: call.number))
    }

    /// Whether a call's round is not over.
    func isOpen(_ call: Int) -> Bool { roundOfCall[call] != nil }

    /// Sends a handler's event; one that asks for a response in the conversation waits for the gate.
    mutating func send(_ event: ClientEvent) {
        guard case .responseCreate(let create) = event else { return queue.append(event) }
        guard let parameters = create.response else { return isResponseWished = true }
        if parameters.conversation == "none" { return queue.append(event) }
        waitingCreates.append(Create(id: create.eventID ?? queue.nextID(), event: event))
    }

    /// Asks for a response.
    mutating func requestResponse() {
        isResponseWished = true
    }

    /// What may go out now.
    mutating func next() -> ClientEvent? {
        if let event = queue.popFirst() { return event }
        guard isGateOpen else { return nil }
        if !waitingCreates.isEmpty {
            return sent(waitingCreates.removeFirst())
        }
        guard isResponseWished || !due.isEmpty else { return nextFiller().map { sent($0) } }
        let id = due.first ?? queue.nextID()
        due.removeAll()
        isResponseWished = false
        return sent(Create(id: id, event: .requestResponse()))
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
