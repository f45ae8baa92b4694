// A custom metrics sink. It gets measurements with a name, a value and labels, as metrics libraries use them.
//
//     swift run SessionMetrics [SESSION.jsonl]

import RealtimeRouter
import Synchronization

/// Sums the measurements by name and labels, like a metrics library.
final class Totals: MetricsSink {
    private let totals = Mutex<[String: Double]>([:])

    func record(_ measurement: Measurement) {
        // Measurements about the router itself belong to no session.
        if measurement.session.isEmpty { return }
        let labels = measurement.labels.map { "\($0.name)=\"\($0.value)\"" }
        let name = labels.isEmpty ? measurement.name : "\(measurement.name){\(labels.joined(separator: ","))}"
        totals.withLock { $0[name, default: 0] += measurement.value }
    }

    func printAll() {
        for (name, total) in totals.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            // Rounds off the floating-point errors of the sum.
            print(name, (total * 1000).rounded() / 1000)
        }
    }
}

@main
struct SessionMetrics {
    static func main() async throws {
        let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let session = CommandLine.arguments.dropFirst().first ?? package + "/Examples/Sessions/interruption.jsonl"

        let totals = Totals()
        let table = try RouteTable(
            handlers: [HandlerBinding("meter", MetricsHandler(sinks: [totals]))],
            routes: [Route("figures", to: ["meter"])])
        let router = Router(table)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session))
        await router.stop()
        totals.printAll()
    }
}
