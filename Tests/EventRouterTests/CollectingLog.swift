import Logging
import RouterTesting

/// Collects the warnings of a router.
struct CollectingLog: LogHandler {
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]
    private let log: Collected<String>

    init(_ log: Collected<String>) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let more = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        log.append("\(event.level) \(metadata["source"] ?? "") \(event.message)\(more.joined())")
    }
}
