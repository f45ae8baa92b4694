import RealtimeEvents

/// What belongs to one of the sessions that follow one another on a source.
struct SessionScope {
    var session: RouterSession
    var fired = FiredRoutes()
    /// The number of the session's last event.
    var sequence = 0
    /// Whether the session was configured on its connection.
    var isConfigured = false
    /// Whether the model was told which functions it can call.
    var hasAnnouncedTools = false
    /// Whether it was looked whether the session transcribes what its user says.
    var hasCheckedTranscription = false
    /// What the updates say of the session's type.
    var announcedType: SessionType?
    /// How many updates were sent.
    var updates = 0
    /// Whether the server's id of the session is known, which does not change then.
    private(set) var isIdentified = false

    init(_ session: RouterSession) {
        self.session = session
    }

    mutating func identify(_ id: String) {
        session.sessionID = id
        isIdentified = true
    }
}
