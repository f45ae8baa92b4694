import EventJSON
import EventRouter
import RealtimeEvents

/// Decides when the router sends its own `session.update` in a client's session, and which of the server's replies
/// answer it.
///
/// A `session.updated` does not name the update that it answers. The server answers updates in order, so this type
/// keeps the order in which the client and the router sent their updates.
struct RouterUpdates {
    /// The settings that the session must have.
    private let settings: JSONObject
    private let functions: @Sendable () -> [Tool]
    /// The updates without a reply, in order.
    private var pending: [Pending] = []
    private var hasClientSpoken = false
    /// The settings that the session lacks at first, until the client's first event shows whether the client updates
    /// the session itself.
    private var lackOfFirst: JSONObject?
    /// The session in the server's latest event.
    private var latest: JSONObject?
    /// The requested updates that are not sent yet.
    private var requested: [JSONObject] = []
    /// Whether the server refused one of the router's updates, after which the router sends no more.
    private var isRefused = false

    private struct Pending {
        let id: String?
        let isOwn: Bool
    }

    /// The maximum number of remembered updates.
    private static let mostPending = 256

    /// - Parameters:
    ///   - settings: the settings that the session must have.
    ///   - functions: returns the functions that the session must have; called for each update.
    init(settings: JSONObject, functions: @escaping @Sendable () -> [Tool]) {
        self.settings = settings
        self.functions = functions
    }

    // MARK: Client events

    /// Handles a message from the client.
    ///
    /// - Parameters:
    ///   - isUpdate: whether the message is a `session.update`.
    ///   - id: its `event_id`.
    /// - Returns: the `session` of an update to send; nil for no update.
    mutating func clientSends(isUpdate: Bool, id: String?) -> JSONObject? {
        defer { hasClientSpoken = true }
        if isUpdate {
            lackOfFirst = nil
            append(Pending(id: id, isOwn: false))
        }
        guard !hasClientSpoken, let lack = lackOfFirst else { return nil }
        lackOfFirst = nil
        return request(lack)
    }

    /// Records that the router is about to send an update.
    ///
    /// - Returns: false if the update must not be sent, because it would replace the functions of an update that the
    ///   client has sent since it was requested. The reply to the client's update shows what the session lacks then.
    mutating func routerSends(id: String?, session: JSONObject?) -> Bool {
        if let index = requested.firstIndex(where: { $0 == session }) {
            requested.remove(at: index)
            if isClientsPending { return false }
        }
        append(Pending(id: id, isOwn: true))
        return true
    }

    private var isClientsPending: Bool { pending.contains { !$0.isOwn } }

    private mutating func request(_ lack: JSONObject?) -> JSONObject? {
        guard let lack else { return nil }
        if requested.count == Self.mostPending { requested.removeFirst() }
        requested.append(lack)
        return lack
    }

    private mutating func append(_ update: Pending) {
        if pending.count == Self.mostPending { pending.removeFirst() }
        pending.append(update)
    }

    // MARK: Server events

    /// Handles `session.created`.
    ///
    /// - Returns: the `session` of an update to send; nil for no update.
    mutating func created(_ session: JSONObject) -> JSONObject? {
        latest = session
        // The reply to the client's pending update shows what the session lacks after it.
        guard !isClientsPending else { return nil }
        let lack = lack(of: session)
        guard !hasClientSpoken else { return request(lack) }
        lackOfFirst = lack
        return nil
    }

    /// Handles `session.updated`.
    ///
    /// - Returns: whether the reply answers one of the router's updates, and the `session` of an update to send.
    mutating func updated(_ session: JSONObject) -> (isOwn: Bool, update: JSONObject?) {
        latest = session
        let update = pending.isEmpty ? nil : pending.removeFirst()
        if update?.isOwn == true { return (true, nil) }
        // A pending update may contain the lacking settings, or change the session.
        guard pending.isEmpty else { return (false, nil) }
        return (false, request(lack(of: session)))
    }

    /// Handles an `error` event.
    ///
    /// - Parameters:
    ///   - id: the `event_id` in the error.
    ///   - parameter: the `param` in the error.
    ///   - code: the error's code.
    /// - Returns: whether the error refuses one of the router's updates, and the `session` of an update to send.
    mutating func refused(_ id: String?, parameter: String?, code: String? = nil) -> (isOwn: Bool, update: JSONObject?)
    {
        let isOfUpdate = parameter?.hasPrefix("session") == true || code?.hasPrefix("cannot_update") == true
        // An error without an id refers to the first update without an id.
        guard id != nil || isOfUpdate, let index = pending.firstIndex(where: { $0.id == id }) else {
            return (false, nil)
        }
        guard !pending.remove(at: index).isOwn else {
            isRefused = true
            return (true, nil)
        }
        // A refused update gets no reply that would show what the session lacks.
        guard pending.isEmpty, let latest else { return (false, nil) }
        return (false, request(lack(of: latest)))
    }

    // MARK: Lacking settings

    private func lack(of session: JSONObject) -> JSONObject? {
        guard !isRefused else { return nil }
        var lack = Self.missing(settings, in: session) ?? JSONObject()
        addFunctions(to: &lack, session)
        guard !lack.isEmpty else { return nil }
        var update = JSONObject()
        update["type"] = session["type"]
        for (name, value) in lack where name != "type" { update[name] = value }
        return update
    }

    /// The members of an object that are missing or null in another object, at any depth; nil if no member is.
    static func missing(_ wanted: JSONObject, in object: JSONObject) -> JSONObject? {
        var missing = JSONObject()
        for (name, value) in wanted {
            switch (value, object[name]) {
            case (.null, nil), (.null, .null?): break
            case (_, nil), (_, .null?): missing[name] = value
            case (.object(let inner), .object(let present)?):
                missing[name] = Self.missing(inner, in: present).map { .object($0) }
            default: break
            }
        }
        return missing.isEmpty ? nil : missing
    }

    /// Adds the union of the session's and the router's functions, if the session lacks some of the router's functions.
    /// Sessions of other types than `realtime` have no functions.
    private func addFunctions(to lack: inout JSONObject, _ session: JSONObject) {
        let own = functions()
        guard !own.isEmpty, ["realtime", nil].contains(session["type"]?.string) else { return }
        let present = session["tools"]?.array ?? []
        let names = Set(present.compactMap { $0["name"]?.string })
        let missing = own.filter { $0.name.map { !names.contains($0) } ?? true }
        guard !missing.isEmpty else { return }
        lack["tools"] = .array(present + missing.map(\.json))
        // A session without functions may have `tool_choice: none`, which would prevent calls.
        if present.isEmpty, session["tool_choice"]?.string == "none" { lack["tool_choice"] = "auto" }
    }
}
