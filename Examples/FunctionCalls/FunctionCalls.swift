// A Swift function and a local command side by side: the model calls both in one response, they run at the same time,
// and the model gets two outputs and one request to go on. See functions.yml beside this file.
//
//     swift run FunctionCalls [SESSION.jsonl]

import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The arguments of `roll_dice`, decoded by hand: what a model sends may be anything.
struct Dice {
    var count: Int
    var sides: Int

    init(_ arguments: JSONValue?) throws {
        count = arguments?["count"]?.int ?? 1
        sides = arguments?["sides"]?.int ?? 6
        guard 1...100 ~= count, 2...1000 ~= sides else { throw BadDice() }
    }
}

/// An error whose words the model reads, so that it can do better.
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
            // An example says the same every time: loaded dice, always the average.
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

/// Shows what would go to the model.
struct PrintedOutbound: OutboundSink {
    func send(_ event: ClientEvent) async throws {
        print("to the model: \(event.json)")
    }
}
