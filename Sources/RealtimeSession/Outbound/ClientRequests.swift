/// The client's unanswered requests, when the client has its own functions or creates responses itself.
///
/// The client has priority: the router's creates wait for all of these requests.
struct ClientRequests: Sendable {
    /// A `response.create` that the server has not reacted to.
    private struct Create: Sendable {
        /// The create's `event_id`; nil if it has none.
        let id: IDKey?
        let deadline: Double
    }

    /// A call of one of the client's functions, by the number of the ready call.
    private struct Call: Sendable {
        let number: Int
        let deadline: Double
    }

    /// How long a request delays the router's creates, in seconds. Some functions need no answer, and the client never
    /// answers their calls.
    static let timeout = 60.0
    /// How many requests of a kind are kept; beyond it the oldest is dropped.
    private static let limit = 1024

    private var creates: [Create] = []
    private var calls: [Call] = []
    /// How many creates without an id the client sent before the active response began. One of them may have created
    /// that response; the server may still refuse the others.
    private var overtakenCount = 0
    /// Whether any client message has arrived. A source may carry only the server's messages.
    private(set) var hasMessages = false

    /// Whether no client request delays the router's creates.
    var isEmpty: Bool { creates.isEmpty && calls.isEmpty }

    /// Whether the server has not reacted to a create.
    var hasCreateInFlight: Bool { !creates.isEmpty }

    /// Whether the client has any unanswered call.
    var hasCalls: Bool { !calls.isEmpty }

    /// Whether the client has not answered a call.
    func awaitsCall(_ call: Int) -> Bool { calls.contains { $0.number == call } }

    /// When the last request stops delaying the router's creates; infinity if the source has no times.
    var deadline: Double { max(creates.last?.deadline ?? 0, calls.last?.deadline ?? 0) }

    /// Removes all requests. Remembers whether the client sends messages.
    mutating func removeAll() {
        creates.removeAll()
        calls.removeAll()
        overtakenCount = 0
    }

    /// Records that the client sent a message.
    mutating func noteMessage() { hasMessages = true }

    /// Records that the client created a response in the conversation.
    ///
    /// - Parameter time: The message's time, in seconds; nil if the source has no times.
    mutating func create(_ id: IDKey?, at time: Double?) {
        creates.append(Create(id: id, deadline: Self.deadline(from: time)))
        if creates.count > Self.limit { creates.removeFirst() }
    }

    /// Adds a ready call that the client has to answer.
    mutating func addCall(_ call: Int, at time: Double?) {
        calls.append(Call(number: call, deadline: Self.deadline(from: time)))
        if calls.count > Self.limit { calls.removeFirst() }
    }

    /// Removes an answered call.
    mutating func removeCall(_ call: Int) {
        calls.removeAll { $0.number == call }
    }

    /// Records that a response began in the conversation: the server has served one create and will refuse the others.
    mutating func responseCreated() {
        overtakenCount = creates.count { $0.id == nil }
        creates.removeAll(keepingCapacity: true)
    }

    /// Records that the active response ended.
    mutating func responseDone() { overtakenCount = 0 }

    /// Records that the server refused an event.
    ///
    /// - Parameter id: The event's `event_id`; nil if the event had no `event_id`, so that the error names none.
    /// - Returns: Whether the event was a create of the client.
    mutating func refuse(_ id: IDKey?) -> Bool {
        if let index = creates.firstIndex(where: { $0.id == id }) {
            creates.remove(at: index)
            return true
        }
        guard id == nil, overtakenCount > 0 else { return false }
        overtakenCount -= 1
        return true
    }

    /// Drops the requests that have expired.
    mutating func expire(at time: Double) {
        guard !isEmpty else { return }
        creates.removeAll { $0.deadline <= time }
        calls.removeAll { $0.deadline <= time }
    }

    private static func deadline(from time: Double?) -> Double { time.map { $0 + timeout } ?? .infinity }
}
