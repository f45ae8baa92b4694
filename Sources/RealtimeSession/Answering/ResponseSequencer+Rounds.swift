internal import RealtimeEvents

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
