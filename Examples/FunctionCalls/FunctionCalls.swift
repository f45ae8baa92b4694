// A Swift function and a local command. The model calls both in one response. They run at the same time, and the router sends two
// outputs and one `response.create`. See functions.yml beside this file.
//
//     swift run FunctionCalls [SESSION.jsonl]

import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The arguments of `roll_dice`. They are decoded by hand, because a model can send anything.
struct Dice {
    var count: Int
    var sides: Int

    init(_ arguments: JSONValue?) throws {
        count = arguments?["count"]?.int ?? 1
        sides = arguments?["sides"]?.int ?? 6
        guard 1...100 ~= count, 2...1000 ~= sides else { throw BadDice() }
    }
}

/// An error whose text is sent to the model, so that it can correct the call.
struct BadDice: FunctionCallError {
    var reasonForModel: String { "roll 1 to 100 dice with 2 to 1000 sides" }
}

@main
struct FunctionCalls {
    static func main() async throws {
        let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let session =
            CommandLine.arguments.dropFirst().first ?? package + "/Examples/Sessions/parallel-tool-calls.jsonl"

        var registry = HandlerRegistry.standard
        registry.function("roll_dice") { call in
            let dice = try Dice(call.arguments)
            // Returns the average, so that the example's output is always the same.
            return FunctionCallResult(["sum": .number(JSONNumber(dice.count * (dice.sides + 1) / 2))])
        }

        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: package + "/Examples/FunctionCalls/functions.yml", registry: registry, diagnostics)
        if !diagnostics.isEmpty { print(diagnostics.rendered()) }
        guard let configuration else { exit(2) }

        let router = Router(configuration)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session), outbound: PrintedOutbound())
        await router.stop()
    }
}

/// Prints the client events instead of sending them.
struct PrintedOutbound: OutboundSink {
    func send(_ event: ClientEvent) async throws {
        print("to the model: \(event.json)")
    }
}
