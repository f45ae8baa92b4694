import Logging
import Synchronization

/// What all handlers of a router share.
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

    /// Where a table wants dead letters; the router's log, if it names no place.
    private static func deadLetters(of table: RouteTable, _ logger: Logger) -> any DeadLetterSink {
        (table.deadLetters as? LoggedDeadLetters)?.logging(to: logger) ?? table.deadLetters
    }

    var deadLetters: any DeadLetterSink { records.withLock { $0.deadLetters } }
    var redaction: Redaction { records.withLock { $0.redaction } }

    /// From now on dead letters are written as another table wants it.
    func replace(_ table: RouteTable) {
        records.withLock { $0 = (Self.deadLetters(of: table, logger), table.redaction) }
    }
}
