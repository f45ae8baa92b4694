/// The events of one session that one handler has settled: delivered, dropped by policy, or dead letters.
///
/// Events are named by their number in the session, ``EventDelivery/sequence``. What no route sends to the handler counts as settled. The
/// report may lag behind: what it does not name may be settled, too.
public struct SettledEvents: Sendable, Hashable {
    /// The handler's name.
    public var handler: String
    /// The number up to which all events are settled; 0 if the first one is not.
    public var mark: Int
    /// The settled events after the mark, ascending; there are gaps between the ranges.
    public var beyond: [ClosedRange<Int>]

    /// - Parameters:
    ///   - handler: The handler's name.
    ///   - routed: The last event of which all deliveries were made.
    ///   - open: The events that are not settled, ascending.
    init(handler: String, routed: Int, open: [Int]) {
        self.handler = handler
        mark = min((open.first ?? .max) - 1, routed)
        beyond = []
        var last = mark + 1
        for number in open.dropFirst() + [routed + 1] where number <= routed + 1 {
            if number > last + 1 { beyond.append(last + 1...number - 1) }
            last = number
        }
    }
}
