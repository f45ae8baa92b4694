import ConfigSource
import Logging
import RealtimeRouter
import Synchronization

/// The log of a run whose routes.yml names no file of dead letters: a warning for each of the first events that are lost.
///
/// The end of the run counts all of them. What sources have to say is shown as well, the first ten.
struct LostEventLog: LogHandler {
    /// The number of events for which there is a warning; a file that is no recording would have one for each line.
    private static let limit = 10

    private final class Count: Sendable {
        let value = Atomic<Int>(0)
    }

    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    private let count = Count()
    private let others = Count()
    private let failures = Count()
    private let unheard = Count()
    /// Clears what is drawn on the terminal.
    private let clear: @Sendable () -> Void

    init(clear: @escaping @Sendable () -> Void) { self.clear = clear }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard !ClosedPipe.isMet else { return }
        switch event.message {
        case LoggedDeadLetters.message: break
        case MissingTranscription.message: return logUnheard(event)
        case ClientEventFailure.refusedMessage, ClientEventFailure.unsentMessage: return logFailure(event)
        default: return logOther(event)
        }
        guard count.value.add(1, ordering: .relaxed).newValue <= Self.limit
        else { return }
        let value = { (key: String) in event.metadata?[key].map { "\($0)".printable } }
        var text = "line \(value("line") ?? "?")"
        if let handler = value("handler") { text += ", handler `\(handler)`" }
        if let route = value("route") { text += ", route `\(route)`" }
        clear()
        Terminal.warning("\(text): \(value("error") ?? "lost")")
    }

    /// Shows what became of a client event that the server refused, or that was not sent.
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

    /// Shows that a session has no words for routes that wait for them, once.
    private func logUnheard(_ event: LogEvent) {
        guard unheard.value.add(1, ordering: .relaxed).newValue == 1 else { return }
        let value = { (key: String) in event.metadata?[key].map { "\($0)".printable } ?? "?" }
        clear()
        Terminal.warning(
            """
            \(event.message), so no words come for the routes \(value("routes")) (session \(value("session"))); set \
            `audio.input.transcription` in the session's configuration, or `ensure` it at a proxy
            """)
    }

    /// Shows what sources have to say. What the router says besides, the program reports itself.
    private func logOther(_ event: LogEvent) {
        guard let source = metadata["source"], event.level >= .notice,
            others.value.add(1, ordering: .relaxed).newValue <= Self.limit
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
