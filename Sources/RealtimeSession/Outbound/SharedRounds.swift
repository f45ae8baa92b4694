internal import RealtimeEvents

// Two askers: the client has functions of its own, and creates responses itself.
//
// In a response with calls of both sides the client asks for the continuation. The router only sends its output, and creates a
// response only if that output came after the client's create was served, because the model has not seen the output then.
extension ResponseSequencer {
    /// A message of the client's came.
    mutating func seeClient() { client.see() }

    /// The client created a response in the conversation.
    mutating func clientCreates(_ id: IDKey?, at time: Double?) {
        client.create(id, at: time)
    }

    /// No handler took a call of a live session, so the client answers it.
    mutating func leaveToClient(_ call: Int, at time: Double?) {
        client.owe(call, at: time)
        share(call)
    }

    /// The client answered a call.
    mutating func clientAnswered(_ call: Int) {
        client.settle(call)
        share(call)
    }

    /// The client of a recording answered a call of a response.
    mutating func clientAnswered(in response: IDKey) {
        sharedResponses.insert(response)
        if let number = roundOfResponse[response] { rounds[number]?.isShared = true }
    }

    /// The server refused an event.
    ///
    /// - Returns: Whether it was a create of the client's.
    mutating func refusedForClient(_ eventID: String?) -> Bool {
        guard client.refuse(eventID.map { IDKey($0) }) else { return false }
        guard !client.hasCreateInFlight else { return true }
        for number in sharedRounds where rounds[number]?.isUnseen == true {
            rounds[number]?.isUnseen = false
            settle(number)
        }
        return true
    }

    /// A response in the conversation began, perhaps the one that the client asked for.
    mutating func serveClient() {
        let isServed = client.hasCreateInFlight || !client.isSeen
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

    /// Takes in that an output went out with which the model is to go on.
    mutating func wantResponse(_ number: Int) {
        guard let round = rounds[number] else { return }
        if !round.isShared || round.isServed {
            rounds[number]?.wantsResponse = true
        } else if client.hasCreateInFlight, !awaitsClient(number) {
            rounds[number]?.isUnseen = true
        }
    }

    /// Whether a create waits for nothing but the client.
    var isHeldByClient: Bool {
        guard !client.isEmpty, isGateOpenForUs else { return false }
        return wish != nil || !due.isEmpty || !waitingCreates.isEmpty || !fillers.isEmpty
    }

    private mutating func share(_ call: Int) {
        guard let number = roundOfCall[call],
            let place = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        rounds[number]?.calls[place].answer = .none
        rounds[number]?.isShared = true
        if rounds[number]?.isServed == false { rounds[number]?.wantsResponse = false }
        settle(number)
    }

    private var sharedRounds: [Int] { rounds.keys.filter { rounds[$0]?.isShared == true }.sorted() }

    /// Whether the client still has to answer a call of a round.
    private func awaitsClient(_ number: Int) -> Bool {
        rounds[number]?.calls.contains { client.owes($0.number) } == true
    }
}
