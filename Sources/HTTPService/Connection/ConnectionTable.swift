import NIOCore

/// A connection as its table knows it.
protocol ListedConnection: AnyObject {
    /// When its phase has lasted long enough.
    var deadline: NIODeadline { get }
    /// The neighbours in the line of connections that wait for their client.
    var ahead: (any ListedConnection)? { get set }
    var behind: (any ListedConnection)? { get set }

    /// The deadline has passed.
    func expired()
    /// Closes the connection unless an answer is on its way; then that is the last one.
    func closeWhenAnswered()
    func close()
}

/// The open connections of a service, and what they share. Everything here runs on the event loop.
final class ConnectionTable {
    /// How often deadlines are looked at.
    private static let tick = TimeAmount.milliseconds(250)

    let options: HTTPServiceOptions
    let routes: HTTPRoutes
    let handlers: HandlerRunner
    private let loop: any EventLoop
    private let log: LimitedLog
    private let limit: Int
    private var connections: [ObjectIdentifier: any ListedConnection] = [:]
    private var ticking: Scheduled<Void>?
    private var dates = HTTPDate()
    private var emptied: EventLoopPromise<Void>?
    /// The line of connections that wait for their client: the one at its front has waited longest.
    private var front: (any ListedConnection)?
    private var back: (any ListedConnection)?

    init(
        options: HTTPServiceOptions, routes: HTTPRoutes, handlers: HandlerRunner, loop: any EventLoop, log: LimitedLog
    ) {
        self.options = options
        self.routes = routes
        self.handlers = handlers
        self.loop = loop
        self.log = log
        limit = max(1, min(options.maximumConnections, OpenFiles.limit / 4))
    }

    /// Whether answers are the last of their connections.
    var isStopping: Bool { emptied != nil }

    /// The value of the field `Date`.
    func date() -> String { dates.now() }

    /// Takes a new connection in, at the cost of the one that has waited longest for its client where there are too many.
    ///
    /// - Returns: false when all connections are being answered.
    func admit(_ connection: any ListedConnection) -> Bool {
        if connections.count >= limit {
            log.warning("\(limit) connections are open; for each new one, the one that waited longest is closed")
            _ = closeLongestWaiting()
        }
        // One that was refused before may be what was closed, and then there is still no room.
        let hasRoom = connections.count < limit
        connections[ObjectIdentifier(connection)] = connection
        startTicking()
        return hasRoom && !isStopping
    }

    /// Closes the connection that has waited longest for its client; false when none waits.
    func closeLongestWaiting() -> Bool {
        guard let front else { return false }
        front.close()
        return true
    }

    /// The connection begins to wait for its client.
    func waitsForClient(_ connection: any ListedConnection) {
        leaveLine(connection)
        connection.ahead = back
        back?.behind = connection
        back = connection
        if front == nil { front = connection }
    }

    /// The connection does not wait for its client any more.
    func waitsForHandler(_ connection: any ListedConnection) { leaveLine(connection) }

    /// The connection is closed.
    func left(_ connection: any ListedConnection) {
        leaveLine(connection)
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { emptied?.succeed() }
    }

    private func leaveLine(_ connection: any ListedConnection) {
        if front === connection { front = connection.behind }
        if back === connection { back = connection.ahead }
        connection.ahead?.behind = connection.behind
        connection.behind?.ahead = connection.ahead
        (connection.ahead, connection.behind) = (nil, nil)
    }

    /// Closes what waits for a client; the future succeeds when the last answer is written.
    func stop() -> EventLoopFuture<Void> {
        let promise = emptied ?? loop.makePromise()
        emptied = promise
        for connection in Array(connections.values) { connection.closeWhenAnswered() }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Closes all connections.
    func closeAll() {
        for connection in Array(connections.values) { connection.close() }
    }

    private func startTicking() {
        guard ticking == nil else { return }
        ticking = loop.assumeIsolated().scheduleTask(in: Self.tick) { self.expire() }
    }

    private func expire() {
        ticking = nil
        let now = NIODeadline.now()
        for connection in connections.values.filter({ $0.deadline <= now }) { connection.expired() }
        if !connections.isEmpty { startTicking() }
    }
}
