import EventJSON

/// The calls of the router's own functions in a client's session, which the proxy hides from the client.
struct RouterCalls {
    /// The maximum number of remembered items.
    private static let mostItems = 4096

    /// The router's items by id, each with the nearest preceding item that the client knows.
    private var items = Remembered<String?>(limit: mostItems)
    private var calls = Remembered<Bool>(limit: mostItems)
    /// The ids of events that the router sent.
    private var sent = Remembered<Bool>(limit: 1024)

    /// Whether there has been no call of the router's functions.
    var isEmpty: Bool { items.isEmpty && calls.isEmpty }

    /// Adds an item and a call of the router's.
    ///
    /// - Parameters:
    ///   - item: the item's id.
    ///   - call: the call's id.
    mutating func add(item: String?, call: String?) {
        if let item, items[item] == nil { items[item] = .some(nil) }
        if let call { calls[call] = true }
    }

    /// Sets the predecessor of one of the router's items in the conversation.
    mutating func place(_ item: String, behind previous: String?) { items[item] = .some(known(previous)) }

    /// Whether an item belongs to the router.
    func isOwn(item: String?) -> Bool { item.map { items[$0] != nil } ?? false }

    /// Whether a call belongs to the router.
    func isOwn(call: String?) -> Bool { call.map { calls[$0] != nil } ?? false }

    /// The item itself if the client knows it, else the nearest preceding item that the client knows; nil if there is none.
    func known(_ item: String?) -> String? {
        var item = item
        var steps = 0
        while let id = item, let previous = items[id], steps < Self.mostItems {
            item = previous
            steps += 1
        }
        return item
    }

    /// Records an event that the router sends.
    mutating func routerSends(id: String?) { if let id { sent[id] = true } }

    /// Whether the router sent the event with an id.
    func hasSent(_ id: String?) -> Bool { id.map { sent[$0] != nil } ?? false }

    /// A copy of a `response.done` without the router's items; nil if it contains none.
    func withoutOwn(_ event: JSONValue) -> JSONValue? {
        guard var object = event.object, var response = object["response"]?.object,
            let output = response["output"]?.array
        else { return nil }
        let visible = output.filter { !isOwn(item: $0["id"]?.string) && !isOwn(call: $0["call_id"]?.string) }
        guard visible.count < output.count else { return nil }
        response["output"] = .array(visible)
        object["response"] = .object(response)
        return .object(object)
    }
}

/// A dictionary that forgets its oldest entries: it keeps at least the latest `limit` entries, and fewer than twice as many.
private struct Remembered<Value> {
    private let limit: Int
    private var values: [String: Value] = [:]
    private var order: [String] = []

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { values.isEmpty }

    subscript(name: String) -> Value? {
        get { values[name] }
        set {
            guard let newValue else { return }
            if values.updateValue(newValue, forKey: name) == nil { order.append(name) }
            guard order.count >= limit * 2 else { return }
            for old in order.prefix(limit) { values[old] = nil }
            order.removeFirst(limit)
        }
    }
}
