import ConfigSource
import Logging
import RealtimeRouter
import Synchronization

/// Prints the router's log messages about a run: lost events, refused client events, and messages of sources.
///
/// Prints at most ten messages of each kind; the summary counts all of them.
struct LostEventLog: LogHandler {
    /// The maximum number of messages of one kind. A file that is not a recording would cause one for each line.
    private static let limit = 10

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    private let lostEvents = Counter()
    private let sourceMessages = Counter()
    private let failures = Counter()
    private let missingTranscriptions = Counter()
    /// Clears the progress bar, so that a message does not follow it on the same line.
    private let clear: @Sendable () -> Void

    init(clear: @escaping @Sendable () -> Void) { self.clear = clear }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard !ClosedPipe.wasEncountered else { return }
        switch event.message {
        case LoggedDeadLetters.message: break
        case MissingTranscription.message: return logMissingTranscription(event)
        case ClientEventFailure.refusedMessage, ClientEventFailure.unsentMessage: return logFailure(event)
        default: return logSourceMessage(event)
        }
        guard lostEvents.value.add(1, ordering: .relaxed).newValue <= Self.limit
        else { return }
        let value = { (key: String) in event.metadata?[key].map { "\($0)".printable } }
        var text = "line \(value("line") ?? "?")"
        if let handler = value("handler") { text += ", handler `\(handler)`" }
        if let route = value("route") { text += ", route `\(route)`" }
        clear()
        Terminal.warning("\(text): \(value("error") ?? "lost")")
    }

    /// Prints why a client event was refused by the server or not sent.
    private func logFailure(_ event: LogEvent) {
        guard event.level >= .warning, failures.value.add(1, ordering: .relaxed).newValue <= Self.limit else { return }
        if case .stringConvertible(let place)? = event.metadata?["place"], let place = place as? LoggedDiagnostic {
            clear()
            return Terminal.write(place.diagnostic.rendered())
        }
        let value = { (key: String) in event.metadata?[key].map { "\($0)".printable } }
        let names = [
            value("handler").map { "handler `\($0)`" }, value("route").map { "route `\($0)`" },
            value("event_id").map { "event `\($0)`" },
        ].compactMap(\.self)
        let reasons = [value("message"), value("code").map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        clear()
        Terminal.warning(
            "\(event.message)" + (names.isEmpty ? "" : ", \(names.joined(separator: ", "))")
                + (reasons.isEmpty ? "" : ": \(reasons)"))
    }

    /// Prints, once, that a session has no transcription although routes match the user's words.
    private func logMissingTranscription(_ event: LogEvent) {
        guard missingTranscriptions.value.add(1, ordering: .relaxed).newValue == 1 else { return }
        let value = { (key: String) in event.metadata?[key].map { "\($0)".printable } ?? "?" }
        clear()
        Terminal.warning(
            """
            \(event.message), so nothing that the user says reaches the routes \(value("routes")) (session \(value("session"))); set \
            `audio.input.transcription` in the session's configuration, or `ensure` it at a proxy
            """)
    }

    /// Prints a source's log message. Ignores the router's other messages, because the program reports their content
    /// itself.
    private func logSourceMessage(_ event: LogEvent) {
        guard let source = metadata["source"], event.level >= .notice,
            sourceMessages.value.add(1, ordering: .relaxed).newValue <= Self.limit
        else { return }
        let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)".printable }
        let text = "\(event.message)".printable + (metadata.isEmpty ? "" : " (\(metadata.joined(separator: ", ")))")
        clear()
        if event.level >= .warning {
            Terminal.warning(text)
        } else {
            Terminal.write("\("\(source)".printable): \(text)")
        }
    }
}
