public import EventRouter
public import RealtimeEvents
import Synchronization

/// An event, and where it goes.
public struct RoutedEvent: Sendable, Hashable {
    /// Its place in the source.
    public var position: EventPosition
    /// Its canonical type.
    public var type: EventType
    /// Who sent it; derived events count as the server's.
    public var side: SessionSide
    /// The names of the routes that take it, in file order.
    public var routes: [String]
    /// The names of the handlers that get it, in the order in which they do.
    public var handlers: [String]

    /// Makes one from its parts.
    public init(
        _ position: EventPosition, _ type: EventType, from side: SessionSide = .server, routes: [String],
        handlers: [String]
    ) {
        self.position = position
        self.type = type
        self.side = side
        self.routes = routes
        self.handlers = handlers
    }
}

extension RoutedEvent: CustomStringConvertible {
    /// Position, type and way: `86.2  router.utterance.heard  refunds (page, console)`.
    public var description: String { "\(position)  \(typeName)  \(way)" }

    /// The type, and whether the client sent it: `session.update (client)`.
    var typeName: String { side == .client ? "\(type) (client)" : type.name }

    /// The routes, and in parentheses the handlers: `refunds (page, console)`.
    var way: String { "\(routeNames) (\(handlers.isEmpty ? "dropped" : handlers.joined(separator: ", ")))" }

    /// The routes alone.
    var routeNames: String { routes.isEmpty ? "unmatched" : routes.joined(separator: ", ") }
}

extension RouteConfiguration {
    /// Where the events of a source would go, with no handler started and nothing delivered.
    ///
    /// Calls are not run, so their outcomes are there only where the recording has them.
    ///
    /// - Parameters:
    ///   - source: the session's events.
    ///   - labels: the labels of the session.
    ///   - started: when it began, in seconds since 1970; nil when only its own header line may say it.
    ///   - acceptsDerivedEvents: whether the source's own `router.*` lines are taken for derived events.
    /// - Returns: the events that go somewhere, in the order in which they are routed, and what the run came to.
    /// - Throws: what reading the source throws.
    public func route(
        _ source: some SessionSource, labels: [SessionLabel] = [], started: Double? = nil,
        acceptsDerivedEvents: Bool = false
    ) async throws -> (routed: [RoutedEvent], report: RunReport) {
        let recorder = DispatchRecorder(table)
        let options = RouterOptions(isDryRun: true, acceptsDerivedEvents: acceptsDerivedEvents)
        let router = Router(self, options: options, observer: recorder)
        try await router.start()
        let report = try await router.run(source, labels: labels, started: started)
        await router.stop()
        if let failure = report.failure { throw failure }
        return (recorder.events, report)
    }

    /// Where the events of a recording would go, session by session in the order in which the sessions begin; one session at least.
    ///
    /// - Throws: what reading the recording throws.
    func routeSessions(
        in path: String, labels: [SessionLabel], started: Double?
    ) async throws -> [(key: String, routed: [RoutedEvent], report: RunReport)] {
        let recording = try RecordedSession(path: path, maxEventBytes: maxEventBytes)
        guard let parts = try await recording.parts() else {
            let (routed, report) = try await route(recording, labels: labels, started: started)
            return [(recording.key, routed, report)]
        }
        var sessions: [(key: String, routed: [RoutedEvent], report: RunReport)] = []
        for part in parts {
            let (routed, report) = try await route(part, labels: labels, started: started)
            sessions.append((part.key, routed, report))
        }
        return sessions
    }
}

/// Keeps the events that go somewhere.
private final class DispatchRecorder: DispatchObserver {
    /// The names of routes and handlers; a session has few different ones, and they are shared by its events.
    private struct Way: Hashable {
        var routes: [Int]
        var handlers: [Int]
    }

    private struct State {
        var events: [RoutedEvent] = []
        var names: [Way: (routes: [String], handlers: [String])] = [:]
    }

    private let table: RouteTable
    private let state = Mutex(State())

    init(_ table: RouteTable) {
        self.table = table
    }

    var events: [RoutedEvent] { state.withLock { $0.events } }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) { record(dispatch, from: .server) }

    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) { record(dispatch, from: .client) }

    private func record(_ dispatch: Dispatch, from side: SessionSide) {
        guard !dispatch.routes.isEmpty || !dispatch.handlers.isEmpty else { return }
        state.withLock { state in
            let way = Way(routes: dispatch.routes, handlers: dispatch.handlers)
            let names =
                state.names[way]
                ?? (way.routes.map { table.routes[$0].name }, way.handlers.map { table.handlers[$0].name })
            state.names[way] = names
            state.events.append(
                RoutedEvent(
                    dispatch.position, dispatch.type, from: side, routes: names.routes, handlers: names.handlers))
        }
    }
}
