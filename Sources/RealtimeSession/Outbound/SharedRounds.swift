internal import RealtimeEvents

// Rounds that the router shares with the client, when the client has its own functions or creates responses itself.
//
// If both answer calls of one response, the client creates the next response. The router only sends its outputs. It
// creates a response only if an output arrived after the client's create was served, because the model has not seen
// that output.
extension ResponseSequencer {
    /// Records that the client sent a message.
    mutating func noteClientMessage() { client.noteMessage() }

    /// Records that the client created a response in the conversation.
    mutating func clientCreates(_ id: IDKey?, at time: Double?) {
        client.create(id, at: time)
    }

    /// Leaves a call of a live session to the client, because no handler took it.
    mutating func assignToClient(_ call: Int, at time: Double?) {
        client.addCall(call, at: time)
        share(call)
    }

    /// Records that the client answered a call.
    mutating func clientAnswered(_ call: Int) {
        client.removeCall(call)
        share(call)
    }

    /// Records that a recording's client answered a call of a response.
    mutating func clientAnswered(in response: IDKey) {
        sharedResponses.insert(response)
        if let number = roundOfResponse[response] { rounds[number]?.isShared = true }
    }

    /// Records that the server refused an event.
    ///
    /// - Returns: Whether the event was a create of the client.
    mutating func refusedForClient(_ eventID: String?) -> Bool {
        guard client.refuse(eventID.map { IDKey($0) }) else { return false }
        guard !client.hasCreateInFlight else { return true }
        for number in sharedRounds where rounds[number]?.isUnseen == true {
            rounds[number]?.isUnseen = false
            settle(number)
        }
        return true
    }

    /// Records that a response began in the conversation, perhaps the response that the client created.
    mutating func noteClientServed() {
        let isServed = client.hasCreateInFlight || !client.hasMessages
        client.responseCreated()
        guard isServed else { return }
        for number in sharedRounds where !awaitsClient(number) {
            rounds[number]?.isServed = true
            guard rounds[number]?.isUnseen == true else { continue }
            rounds[number]?.isUnseen = false
            rounds[number]?.wantsResponse = true
            settle(number)
        }
    }

    /// Records that an output was sent after which the model must continue.
    mutating func wantResponse(_ number: Int) {
        guard let round = rounds[number] else { return }
        if !round.isShared || round.isServed {
            rounds[number]?.wantsResponse = true
        } else if client.hasCreateInFlight, !awaitsClient(number) {
            rounds[number]?.isUnseen = true
        }
    }

    /// Whether a create waits only for the client.
    var isHeldByClient: Bool {
        guard !client.isEmpty, isGateOpenForRouter else { return false }
        return requestedResponse != nil || !dueCreates.isEmpty || !waitingCreates.isEmpty || !fillers.isEmpty
    }

    private mutating func share(_ call: Int) {
        guard let number = roundOfCall[call],
            let index = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        rounds[number]?.calls[index].answer = .none
        rounds[number]?.isShared = true
        if rounds[number]?.isServed == false { rounds[number]?.wantsResponse = false }
        settle(number)
    }

    private var sharedRounds: [Int] { rounds.keys.filter { rounds[$0]?.isShared == true }.sorted() }

    /// Whether the client still has to answer a call of a round.
    private func awaitsClient(_ number: Int) -> Bool {
        rounds[number]?.calls.contains { client.awaitsCall($0.number) } == true
    }
}
