internal import RealtimeEvents

/// Which session it is, and when it is: what the heads of its derived events say.
struct SessionIdentity: Sendable {
    /// The caller's key, with `#2`, `#3`, … for the sessions that follow on one source.
    let key: String
    private(set) var labels: [String: String]?
    /// The server's id, once it is known.
    var id: String?
    var model: String?
    var kind: String?
    var transcriptionModel: String?

    init(_ configuration: SessionConfiguration, number: Int) {
        key =
            number == 1
            ? configuration.key : configuration.followingKey?(number) ?? "\(configuration.key)#\(number)"
        if number == 1 { id = configuration.sessionID }
        setLabels(configuration.labels)
    }

    mutating func setLabels(_ labels: [String: String]) {
        self.labels = labels.isEmpty ? nil : labels
    }

    /// The head of a derived event.
    ///
    /// - Parameter id: What the event is about, behind the session's key.
    func head(_ type: EventType.Code, id: String, turn: Int, cause: EventCause) -> DerivedHead {
        var head = DerivedHead()
        head.type = EventType(type).name
        head.eventID = "\(key)/\(id)"
        head.session = key
        head.sessionID = self.id
        head.labels = labels
        head.turn = turn
        head.cause = cause
        return head
    }
}
