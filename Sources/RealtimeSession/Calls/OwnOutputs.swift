/// The outputs that we sent to a live server, which it shows again as items of the conversation: those are no answers of
/// another executor.
struct OwnOutputs: Sendable {
    /// How many calls are remembered whose outputs the server has not shown.
    private static let limit = 4096

    private var sent: [IDKey: Int] = [:]
    /// The output items that the server has shown; each comes in several events.
    private var items = RecentKeys(limit: 8192)

    /// We sent an output for a `call_id`.
    mutating func note(_ id: IDKey) {
        if sent.count >= Self.limit { sent.removeAll() }
        sent[id, default: 0] += 1
    }

    /// Whether an output item of the server's shows nothing new: it is ours, or was shown before.
    mutating func isKnown(_ id: IDKey, item: IDKey?) -> Bool {
        if let item {
            if items.contains(item) { return true }
            items.insert(item)
        }
        guard let count = sent[id] else { return false }
        sent[id] = count > 1 ? count - 1 : nil
        return true
    }
}
