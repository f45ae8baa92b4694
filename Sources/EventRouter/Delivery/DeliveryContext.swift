import Logging
import Synchronization

/// What all handlers of a router share.
final class DeliveryContext: Sendable {
    let clock: any RouterClock
    let log: (any DispatchLog)?
    let logger: Logger
    let unwritten: UnwrittenRecords
    private let records: Mutex<(deadLetters: any DeadLetterSink, redaction: Redaction)>

    init(
        _ table: RouteTable, clock: any RouterClock, log: (any DispatchLog)?, logger: Logger,
        unwritten: UnwrittenRecords
    ) {
        self.clock = clock
        self.log = log
        self.logger = logger
        self.unwritten = unwritten
        records = Mutex((table.deadLetters, table.redaction))
    }

    var deadLetters: any DeadLetterSink { records.withLock { $0.deadLetters } }
    var redaction: Redaction { records.withLock { $0.redaction } }

    /// From now on dead letters are written as another table wants it.
    func replace(_ table: RouteTable) { records.withLock { $0 = (table.deadLetters, table.redaction) } }
}
