import ConfigSource
public import Logging

extension RouterProgram {
    /// A logger for parts of the program: warnings and errors go to standard error, as the program's own do, and all else nowhere.
    public static let logger = Logger(label: "realtime-router") { _ in WarningLog() }
}

/// A log as the program's user reads it: `warning: …`, a line each.
private struct WarningLog: LogHandler {
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A message can quote what a client sent.
        let message = PrintableText("\(event.message)").description
        if event.level >= .error { Terminal.error(message) } else { Terminal.warning(message) }
    }
}
