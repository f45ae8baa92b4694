import RealtimeEvents

extension GeneratedSession {
    /// Adds a random step: the user or the assistant speaks, or the client changes the conversation.
    mutating func takeStep() {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: speak()
        case 4: type(behind: chance(50) ? chain.randomElement(using: &random) : chain.last)
        case 5: typeTwoInReverse()
        case 6: deleteOne()
        default: answer()
        }
    }

    /// The user speaks, detected by the server or committed by the client.
    private mutating func speak() {
        let id = begin(.user, late: GeneratedItem.transcription(of: words(), using: &random))
        if chance(70) { emit(source(Line.speechStarted(id), Line.speechStopped(id))) }
        commit(id)
    }

    private mutating func commit(_ id: String) {
        let last = chain.last
        place(id, behind: last, Line.committed(id, after: chance(80) ? last : nil))
        emit(Line.userAudio(id, after: chance(80) ? last : nil))
        // The order in `done` does not count.
        if chance(50) { emit(Line.userAudio(id).replacing("item.added", with: "item.done")) }
    }

    private mutating func type(behind previous: String?) {
        let id = begin(.user)
        let text = words().joined(separator: " ")
        settle(id, text, .completed)
        place(id, behind: previous, Line.userText(id, text, after: previous))
    }

    /// Two messages. The second one comes first and names the other as its previous item.
    private mutating func typeTwoInReverse() {
        let last = chain.last
        let (first, second) = (begin(.user), begin(.user))
        settle(first, "first", .completed)
        settle(second, "second", .completed)
        place(second, behind: last, Line.userText(second, "second", after: first))
        place(first, behind: last, Line.userText(first, "first", after: last))
    }

    /// The assistant answers with one or two messages, completely or until the user speaks.
    private mutating func answer() {
        let response = "r\(lines.count)"
        emit(Line.responseCreated(response))
        var isCut = false
        for _ in 0..<(chance(20) ? 2 : 1) where !isCut {
            let id = begin(.assistant)
            let last = chain.last
            let begun = Line.says(id, in: response, after: last).split(separator: "\n").map(String.init)
            emit(begun[0])
            place(id, behind: last, begun[1])
            isCut = chance(25)
            say(id, in: response, isCut: isCut)
        }
        if isCut { bargeIn(response) } else { emit(Line.responseDone(response)) }
    }

    private mutating func say(_ id: String, in response: String, isCut: Bool) {
        var text = ""
        for word in words() {
            text += text.isEmpty ? word : " " + word
            emit(Line.delta(id, text.hasSuffix(" " + word) ? " " + word : word, in: response))
            if chance(50) { emit(Line.audio(id, bytes: 480, in: response)) }
        }
        settle(id, text, isCut ? .interrupted : .completed)
        if !isCut {
            emit(Line.said(id, chance(50) ? text : nil, in: response))
            if chance(10) { truncate(id) }
        }
    }

    private mutating func truncate(_ id: String) {
        items[id].map { settle(id, $0.text, .interrupted) }
        emit(Line.truncated(id, ms: 5))
    }

    /// The user interrupts the answer, which ends and may be truncated.
    private mutating func bargeIn(_ response: String) {
        let answer = chain.last
        let id = begin(.user, late: GeneratedItem.transcription(of: words(), using: &random))
        emit(Line.speechStarted(id))
        if let answer, chance(70) { emit(Line.said(answer, nil, in: response, status: "incomplete")) }
        emit(Line.cancelled(response))
        if let answer, chance(50) { truncate(answer) }
        emit(Line.speechStopped(id))
        commit(id)
    }
}
