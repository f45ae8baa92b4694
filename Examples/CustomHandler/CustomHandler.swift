// A custom handler type with options in routes.yml. One line registers it for every command of the program. `check` also checks its
// options:
//
//     swift run CustomHandler run Examples/Sessions/failed-response.jsonl --routes Examples/CustomHandler/alarms.yml
//     swift run CustomHandler check Examples/CustomHandler/alarms.yml

import RealtimeRouter
import RouterProgram

/// Prints a message when a session reaches a number of errors.
actor AlarmHandler: EventHandler {
    nonisolated let interests: [EventType] = [.routerErrorRaised]
    private let limit: Int
    private let greeting: String
    private var errors: [String: Int] = [:]

    init(limit: Int, greeting: String) {
        self.limit = limit
        self.greeting = greeting
    }

    func handle(_ delivery: EventDelivery) async throws {
        let error = try delivery.event.decode(ErrorRaised.self)
        guard error.errorClass != .benign else { return }
        errors[delivery.session.key, default: 0] += 1
        if errors[delivery.session.key] == limit {
            print(
                "\(greeting): \(limit) errors in \(delivery.session.key), the last one: \(error.message ?? error.code ?? "unknown")"
            )
        }
    }
}

@main
struct CustomHandler {
    static func main() async {
        var registry = HandlerRegistry.standard
        registry.register("alarm") { options in
            AlarmHandler(
                limit: options.section.int("limit", in: 1...1000) ?? 3,
                greeting: options.section.string("greeting") ?? "Alarm")
        }
        await RouterProgram.main(handlers: registry)
    }
}
