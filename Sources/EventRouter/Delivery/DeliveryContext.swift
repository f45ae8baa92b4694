import Logging
import Synchronization

/// The services that all handlers of a router share.
final class DeliveryContext: Sendable {
    let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    let log: (any DispatchLog)?
    let logger: Logger
    let unwritten: UnwrittenRecords
    private let records: Mutex<(deadLetters: any DeadLetterSink, redaction: Redaction)>

    init(
        _ table: RouteTable, environment: RouterEnvironment, log: (any DispatchLog)?, logger: Logger,
        unwritten: UnwrittenRecords
    ) {
        self.environment = environment
        self.log = log
        self.logger = logger
        self.unwritten = unwritten
        records = Mutex((Self.deadLetters(of: table, logger), table.redaction))
    }

    /// The dead letter sink of a table; by default one that writes to the router's log.
    private static func deadLetters(of table: RouteTable, _ logger: Logger) -> any DeadLetterSink {
        (table.deadLetters as? LoggedDeadLetters)?.logging(to: logger) ?? table.deadLetters
    }

    var deadLetters: any DeadLetterSink { records.withLock { $0.deadLetters } }
    var redaction: Redaction { records.withLock { $0.redaction } }

    /// Switches to the dead letter sink and redaction of another table.
    func replace(_ table: RouteTable) {
        records.withLock { $0 = (Self.deadLetters(of: table, logger), table.redaction) }
    }
}
