import NIOCore

/// The connection that a ``ConnectionTable`` tracks.
protocol TrackedConnection: AnyObject {
    /// The deadline of the connection's phase.
    var deadline: NIODeadline { get }
    /// The neighbours in the table's linked list of connections that wait for their clients.
    var previous: (any TrackedConnection)? { get set }
    var next: (any TrackedConnection)? { get set }

    /// The deadline has passed.
    func deadlinePassed()
    /// Closes the connection, or, if an answer is in progress, closes it after that.
    func closeWhenAnswered()
    func close()
}

/// The open connections of a service, and the objects that they share. Used on the event loop only.
final class ConnectionTable {
    /// The interval at which deadlines are checked.
    private static let checkInterval = TimeAmount.milliseconds(250)

    let options: HTTPServiceOptions
    let routes: HTTPRoutes
    let handlers: HandlerRunner
    private let loop: any EventLoop
    private let log: LimitedLog
    private let limit: Int
    private var connections: [ObjectIdentifier: any TrackedConnection] = [:]
    private var nextCheck: Scheduled<Void>?
    private var dates = HTTPDate()
    private var allClosed: EventLoopPromise<Void>?
    /// The linked list of connections that wait for their clients. The connection at the front has waited longest.
    private var front: (any TrackedConnection)?
    private var back: (any TrackedConnection)?

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

    /// Whether the service is stopping, so that each connection closes after its current answer.
    var isStopping: Bool { allClosed != nil }

    /// The value of the header field `Date`.
    func date() -> String { dates.now() }

    /// Adds a new connection. If there are too many, closes the connection that has waited longest for its client.
    ///
    /// - Returns: False if there is no room because all connections are being answered, or if the service is stopping.
    func admit(_ connection: any TrackedConnection) -> Bool {
        if connections.count >= limit {
            log.warning("\(limit) connections are open; for each new one, the one that waited longest is closed")
            _ = closeLongestWaiting()
        }
        // If the closed connection had been refused, it did not count, and there is still no room.
        let hasRoom = connections.count < limit
        connections[ObjectIdentifier(connection)] = connection
        scheduleCheck()
        return hasRoom && !isStopping
    }

    /// Closes the connection that has waited longest for its client; returns false if none is waiting.
    func closeLongestWaiting() -> Bool {
        guard let front else { return false }
        front.close()
        return true
    }

    /// Called when a connection starts to wait for its client.
    func didStartWaiting(_ connection: any TrackedConnection) {
        unlink(connection)
        connection.previous = back
        back?.next = connection
        back = connection
        if front == nil { front = connection }
    }

    /// Called when a connection stops waiting for its client.
    func didStopWaiting(_ connection: any TrackedConnection) { unlink(connection) }

    /// Called when a connection has closed.
    func didClose(_ connection: any TrackedConnection) {
        unlink(connection)
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { allClosed?.succeed() }
    }

    private func unlink(_ connection: any TrackedConnection) {
        if front === connection { front = connection.next }
        if back === connection { back = connection.previous }
        connection.previous?.next = connection.next
        connection.next?.previous = connection.previous
        (connection.previous, connection.next) = (nil, nil)
    }

    /// Closes the connections that wait for their clients. The future succeeds when the last answer is written.
    func stop() -> EventLoopFuture<Void> {
        let promise = allClosed ?? loop.makePromise()
        allClosed = promise
        for connection in Array(connections.values) { connection.closeWhenAnswered() }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Closes all connections.
    func closeAll() {
        for connection in Array(connections.values) { connection.close() }
    }

    private func scheduleCheck() {
        guard nextCheck == nil else { return }
        nextCheck = loop.assumeIsolated().scheduleTask(in: Self.checkInterval) { self.checkDeadlines() }
    }

    private func checkDeadlines() {
        nextCheck = nil
        let now = NIODeadline.now()
        for connection in connections.values.filter({ $0.deadline <= now }) { connection.deadlinePassed() }
        if !connections.isEmpty { scheduleCheck() }
    }
}
