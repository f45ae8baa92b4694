public import EventRouter
public import RealtimeEvents
import Synchronization

/// An event with the routes and handlers that take it.
public struct RoutedEvent: Sendable, Hashable {
    /// The event's position in the source.
    public var position: EventPosition
    /// The event's canonical type.
    public var type: EventType
    /// The sender. Derived events count as the server's.
    public var side: SessionSide
    /// The names of the routes that take the event, in file order.
    public var routes: [String]
    /// The names of the handlers that get the event, in the order of delivery.
    public var handlers: [String]

    /// Creates a routed event.
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
    /// Position, type and destination: `86.2  router.utterance.heard  refunds (page, console)`.
    public var description: String { "\(position)  \(typeName)  \(destination)" }

    /// The type, with a note for client events: `session.update (client)`.
    var typeName: String { side == .client ? "\(type) (client)" : type.name }

    /// The routes, and the handlers in parentheses: `refunds (page, console)`.
    var destination: String { "\(routeNames) (\(handlers.isEmpty ? "dropped" : handlers.joined(separator: ", ")))" }

    /// The routes without the handlers.
    var routeNames: String { routes.isEmpty ? "unmatched" : routes.joined(separator: ", ") }
}

extension RouteConfiguration {
    /// Routes the events of a source without starting handlers or delivering events.
    ///
    /// Function calls are not run, so their outcomes are present only if the recording has them.
    ///
    /// - Parameters:
    ///   - source: the session's source.
    ///   - labels: the labels of the session.
    ///   - started: the start time of the session, in seconds since 1970; nil to use the source's header line.
    ///   - acceptsDerivedEvents: whether `router.*` lines of the source are treated as derived events.
    /// - Returns: the events that have a route or a handler, in routing order, and the report of the run.
    /// - Throws: the error of the source if it cannot be read.
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

    /// Routes the events of a recording in the same way, for each of its sessions.
    ///
    /// - Returns: the sessions in the order in which they begin; at least one.
    /// - Throws: the error of the recording if it cannot be read.
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

/// Collects the events that have a route or a handler.
private final class DispatchRecorder: DispatchObserver {
    /// The indices of an event's routes and handlers. Events with the same destination share its names, which saves memory.
    private struct Destination: Hashable {
        var routes: [Int]
        var handlers: [Int]
    }

    private struct State {
        var events: [RoutedEvent] = []
        var names: [Destination: (routes: [String], handlers: [String])] = [:]
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
            let destination = Destination(routes: dispatch.routes, handlers: dispatch.handlers)
            let names =
                state.names[destination]
                ?? (
                    destination.routes.map { table.routes[$0].name },
                    destination.handlers.map { table.handlers[$0].name }
                )
            state.names[destination] = names
            state.events.append(
                RoutedEvent(
                    dispatch.position, dispatch.type, from: side, routes: names.routes, handlers: names.handlers))
        }
    }
}
