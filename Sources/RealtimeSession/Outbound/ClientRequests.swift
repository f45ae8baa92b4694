/// What the client has asked for and not got, where it has functions of its own or creates responses itself.
///
/// The client's conversation comes first: the router's creates wait for all of this.
struct ClientRequests: Sendable {
    /// A `response.create` that the server has not reacted to.
    private struct Create: Sendable {
        /// Its `event_id`; nil if it has none.
        let id: IDKey?
        let deadline: Double
    }

    /// A call of a function of the client's, by the number under which it was ready.
    private struct Call: Sendable {
        let number: Int
        let deadline: Double
    }

    /// How long a request holds the router's creates, in seconds. Some functions need no answer, and a client never gives one.
    static let patience = 60.0
    /// How many requests of a kind are remembered; beyond it the oldest is forgotten.
    private static let limit = 1024

    private var creates: [Create] = []
    private var calls: [Call] = []
    /// How many creates without an id were sent before the active response began. One of them may have made that response; the
    /// server may still refuse the others.
    private var outrun = 0
    /// Whether any message of the client's has come. A source may bring the server's messages only.
    private(set) var isSeen = false

    /// Whether nothing of the client's holds the router's creates.
    var isEmpty: Bool { creates.isEmpty && calls.isEmpty }

    /// Whether the server has not reacted to a create.
    var hasCreateInFlight: Bool { !creates.isEmpty }

    /// Whether the client still has to answer any call.
    var hasCalls: Bool { !calls.isEmpty }

    /// Whether the client still has to answer a call.
    func owes(_ call: Int) -> Bool { calls.contains { $0.number == call } }

    /// When the last request has held the router's creates for long enough; infinity without times.
    var deadline: Double { max(creates.last?.deadline ?? 0, calls.last?.deadline ?? 0) }

    /// A message of the client's came.
    mutating func see() { isSeen = true }

    /// The client created a response in the conversation.
    ///
    /// - Parameter time: The time of the message, in seconds; nil without times.
    mutating func create(_ id: IDKey?, at time: Double?) {
        creates.append(Create(id: id, deadline: Self.deadline(from: time)))
        if creates.count > Self.limit { creates.removeFirst() }
    }

    /// A call is ready that the client has to answer.
    mutating func owe(_ call: Int, at time: Double?) {
        calls.append(Call(number: call, deadline: Self.deadline(from: time)))
        if calls.count > Self.limit { calls.removeFirst() }
    }

    /// A call was answered.
    mutating func settle(_ call: Int) {
        calls.removeAll { $0.number == call }
    }

    /// A response in the conversation began: the server has served one create, or will refuse it.
    mutating func responseCreated() {
        outrun = creates.count { $0.id == nil }
        creates.removeAll(keepingCapacity: true)
    }

    /// The active response ended.
    mutating func responseDone() { outrun = 0 }

    /// The server refused an event.
    ///
    /// - Parameter id: The event's `event_id`; nil if the server names none, because the event had none.
    /// - Returns: Whether it was a create of the client's.
    mutating func refuse(_ id: IDKey?) -> Bool {
        if let place = creates.firstIndex(where: { $0.id == id }) {
            creates.remove(at: place)
            return true
        }
        guard id == nil, outrun > 0 else { return false }
        outrun -= 1
        return true
    }

    /// Forgets the requests that have held the router's creates for long enough.
    mutating func giveUp(at time: Double) {
        guard !isEmpty else { return }
        creates.removeAll { $0.deadline <= time }
        calls.removeAll { $0.deadline <= time }
    }

    private static func deadline(from time: Double?) -> Double { time.map { $0 + patience } ?? .infinity }
}
