import EventRouter
import RealtimeEvents

/// Stands in for a handler of a type that this program does not know, in commands that start nothing.
struct UnregisteredHandler: EventHandler {
    let type: String

    /// What such a handler is made for is known only to the program that registers it.
    var interests: [EventType] { [EventType("the events that the handler type `\(type)` is made for")] }

    func start() async throws {
        throw DeliveryFailure.permanent("the handler type `\(type)` is not registered in this program")
    }

    func handle(_ delivery: EventDelivery) async throws { try await start() }
}
