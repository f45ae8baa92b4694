import RealtimeRouter

extension RunReport {
    /// Ends the command with exit code 2 if lines were read and none was an event: the file is something else than a session.
    ///
    /// - Parameter session: the session's path; `-` is standard input.
    func requireEvents(in session: String) throws(ProgramEnding) {
        guard events == 0, undecodable > 0 else { return }
        throw .noSession(session)
    }

    /// The same for several sessions: ends the command if there was one of which no line was an event. In a live pipe with several sessions a
    /// line of none of them may be somebody's message.
    func requireEventsInParts() throws(ProgramEnding) {
        for part in parts.isEmpty ? [self] : parts.filter({ !$0.isLive }) where part.clientEvents == 0 {
            try part.requireEvents(in: part.session ?? "")
        }
    }
}

extension ProgramEnding {
    /// A file of lines that are no events was given as a session; `-` is standard input.
    static func noSession(_ path: String) -> ProgramEnding {
        let name = path == "-" ? "standard input" : path.printable
        return .unusable("\(name) is no session: no line of it could be read as an event of the server")
    }
}
