import ConfigSource
import EventRouter
import Logging
import RealtimeEvents
import RouteFile
import Synchronization
import Testing

/// Dead letters without a `dead_letters` file are logged.
@Suite struct LoggedDeadLetterTests {
    /// The logged messages.
    private final class Records: Sendable {
        private let list = Mutex<[String]>([])

        var texts: [String] { list.withLock { $0 } }
        var logger: Logger { Logger(label: "test") { _ in Handler(records: self) } }

        func append(_ text: String) { list.withLock { $0.append(text) } }
    }

    private struct Handler: LogHandler {
        let records: Records
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            records.append("\(event.level) \(event.message): \(metadata.joined(separator: ", "))")
        }
    }

    private func load(_ rest: String = "") throws -> RouteConfiguration {
        var registry = HandlerRegistry()
        registry.register("picky") { _ in
            ClosureHandler { delivery in
                throw DeliveryFailure.permanent("no use for \(delivery.event.json["pin"]?.string ?? "")")
            }
        }
        let text = """
            version: 1
            handlers: { out: { type: picky } }
            routes: [ { name: words, match: { type: x }, to: out } ]
            privacy: { redact: [ { regexp: "ACME-[0-9]{6}" } ] }
            \(rest)
            """
        let diagnostics = Diagnostics()
        let loaded = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: text), registry: registry, diagnostics)
        return try #require(loaded, "\(diagnostics.rendered())")
    }

    private static let lines = [#"{"type":"x","text":"hello","pin":"ACME-123456"}"#, "hello ACME-123456"]
    private static let warnings = [
        "warning event lost: error=expected a value at byte 0, line=2, reason=undecodable, session=s",
        "warning event lost: error=no use for ***, handler=out, line=1, reason=failed, route=words, session=s",
    ]

    @Test(
        "Without `dead_letters` the router logs the reason and the place of what is lost, and nothing of the conversation"
    )
    func deadLetters_withoutAFile_areLogged() async throws {
        let records = Records()
        let router = Router(try load(), logger: records.logger)
        try await router.start()
        _ = try await router.run(SessionLines(Self.lines, key: "s", name: "s"))
        #expect(records.texts.sorted() == Self.warnings)
        try await router.replace(try load("transcript_timeout: 5s"))
        _ = try await router.run(SessionLines(Self.lines, key: "s", name: "s"))
        #expect(records.texts.sorted() == (Self.warnings + Self.warnings).sorted())
        await router.stop()
    }

    @Test("With `dead_letters` the file has them, and the log does not")
    func deadLetters_withAFile_areNotLogged() async throws {
        let records = Records()
        let router = Router(try load("dead_letters: { path: /dev/null }"), logger: records.logger)
        try await router.start()
        let report = try await router.run(SessionLines(Self.lines, key: "s", name: "s"))
        await router.stop()
        #expect(report.lost == 2 && records.texts.isEmpty)
    }
}
