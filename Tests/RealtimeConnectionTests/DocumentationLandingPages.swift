import EventRouter
import Logging
import RealtimeConnection
import RouteFile
import Testing

/// The examples on the landing page of the API documentation, each in one piece.
@Suite struct DocumentationLandingPages {
    /// Only compiled: it would connect to the server that the options name.
    func connect(_ table: RouteTable, key: String) async throws {
        var options = ConnectOptions { key }
        options.model = "gpt-realtime"
        options.sessionKey = "call-7"

        let router = Router(table)
        try await router.start()
        let report = try await router.run(ConnectSource(options))
        await router.stop()
        if let failure = report.failure { throw failure }
    }
}
