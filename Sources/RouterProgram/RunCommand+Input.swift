import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension RunInput {
    /// What the call and the file ask for. Opens the file of a single session, and nothing else.
    ///
    /// - Throws: `ProgramEnding`, and `FileFailure` for a path that cannot be read or matches nothing.
    init(_ command: RunCommand, _ configuration: RouteConfiguration) throws {
        switch command.sessions.count {
        case 0 where !configuration.sources.isEmpty: self = .sources(SourceGroup(configuration.sources))
        case 0:
            guard isatty(STDIN_FILENO) == 0 else { throw Self.nothingToRun(command.options.routes.path) }
            self = .session(try Self.session("-", command, configuration))
        case 1: self = try Self.one(command.sessions[0], command, configuration)
        default: self = .sources(try Self.several(command.sessions))
        }
    }

    private static func one(_ path: String, _ command: RunCommand, _ configuration: RouteConfiguration) throws -> Self {
        if path != "-" {
            let files = FileSource(paths: [path])
            guard try files.files() == [path] else { return .sources(SourceGroup([files])) }
        }
        return .session(try session(path, command, configuration))
    }

    private static func session(
        _ path: String, _ command: RunCommand, _ configuration: RouteConfiguration
    ) throws -> RecordedSession {
        try RecordedSession(
            path: path, key: command.sessionKey, isInteractive: command.live,
            maxEventBytes: configuration.maxEventBytes, idleLimit: command.sessionIdle?.duration)
    }

    private static func several(_ paths: [String]) throws -> SourceGroup {
        let files = FileSource(paths: paths.filter { $0 != "-" })
        // A path that matches nothing is likely a mistake: known before anything starts.
        _ = try files.files()
        return SourceGroup(paths.contains("-") ? [files, PipeSource()] : [files])
    }

    private static func nothingToRun(_ routes: String) -> ProgramEnding {
        .unusable(
            """
            there is no session to run, and standard input is a terminal
               help: give a SESSION (a file of JSON Lines, a folder of such files, or - for standard input), or write `sources` in \
            \(routes.printable)
            """)
    }
}
