import EventJSON
import EventRouter
import RealtimeEvents

/// Decides when the router sends a `session.update` of its own into a client's session, and which replies of the server are to those.
///
/// A `session.updated` names no request. The server answers updates in their order, so the order is kept in which both sides sent theirs.
struct OwnUpdates {
    /// What the session is to have.
    private let settings: JSONObject
    private let functions: @Sendable () -> [Tool]
    /// The updates that wait for the server's reply, in their order.
    private var pending: [Pending] = []
    private var hasClientSpoken = false
    /// What the server's first session lacks, until the client has said whether it updates that.
    private var lackOfFirst: JSONObject?
    /// The session as the server said it last.
    private var latest: JSONObject?
    /// What the updates are to hold that were asked for and are not sent yet.
    private var wished: [JSONObject] = []
    /// Whether the server refused an update of the router's: there will be no other.
    private var isRefused = false

    private struct Pending {
        let id: String?
        let isOwn: Bool
    }

    /// More updates than these are not remembered.
    private static let mostPending = 256

    /// - Parameters:
    ///   - settings: what the session is to have.
    ///   - functions: the functions that it is to have; asked for each time.
    init(settings: JSONObject, functions: @escaping @Sendable () -> [Tool]) {
        self.settings = settings
        self.functions = functions
    }

    // MARK: What is sent

    /// The client sends a message.
    ///
    /// - Parameters:
    ///   - isUpdate: whether it is a `session.update`.
    ///   - id: its `event_id`.
    /// - Returns: the `session` of an update to send.
    mutating func clientSends(isUpdate: Bool, id: String?) -> JSONObject? {
        defer { hasClientSpoken = true }
        if isUpdate {
            lackOfFirst = nil
            append(Pending(id: id, isOwn: false))
        }
        guard !hasClientSpoken, let lack = lackOfFirst else { return nil }
        lackOfFirst = nil
        return wish(lack)
    }

    /// An update of the router's is to go to the server.
    ///
    /// - Returns: false if it must not: the client has sent an update since it was asked for, whose functions it would replace. The reply
    ///   to that update shows what the session lacks then.
    mutating func routerSends(id: String?, session: JSONObject?) -> Bool {
        if let index = wished.firstIndex(where: { $0 == session }) {
            wished.remove(at: index)
            if isClientsPending { return false }
        }
        append(Pending(id: id, isOwn: true))
        return true
    }

    private var isClientsPending: Bool { pending.contains { !$0.isOwn } }

    private mutating func wish(_ lack: JSONObject?) -> JSONObject? {
        guard let lack else { return nil }
        if wished.count == Self.mostPending { wished.removeFirst() }
        wished.append(lack)
        return lack
    }

    private mutating func append(_ update: Pending) {
        if pending.count == Self.mostPending { pending.removeFirst() }
        pending.append(update)
    }

    // MARK: What the server says

    /// The server has made the session.
    ///
    /// - Returns: the `session` of an update to send.
    mutating func created(_ session: JSONObject) -> JSONObject? {
        latest = session
        // The reply to an update of the client's shows what the session lacks behind that.
        guard !isClientsPending else { return nil }
        let lack = lack(of: session)
        guard !hasClientSpoken else { return wish(lack) }
        lackOfFirst = lack
        return nil
    }

    /// The server has updated the session.
    ///
    /// - Returns: whether the reply is to an update of the router's, and the `session` of an update to send.
    mutating func updated(_ session: JSONObject) -> (isOwn: Bool, wish: JSONObject?) {
        latest = session
        let update = pending.isEmpty ? nil : pending.removeFirst()
        if update?.isOwn == true { return (true, nil) }
        // What is on its way may have it, or may change what the session has.
        guard pending.isEmpty else { return (false, nil) }
        return (false, wish(lack(of: session)))
    }

    /// The server has refused something.
    ///
    /// - Parameters:
    ///   - id: the `event_id` that it names.
    ///   - parameter: the parameter that it names.
    ///   - code: the error's code.
    /// - Returns: whether that was an update of the router's, and the `session` of an update to send.
    mutating func refused(_ id: String?, parameter: String?, code: String? = nil) -> (isOwn: Bool, wish: JSONObject?) {
        let isOfUpdate = parameter?.hasPrefix("session") == true || code?.hasPrefix("cannot_update") == true
        // Of updates without an id the first is meant.
        guard id != nil || isOfUpdate, let index = pending.firstIndex(where: { $0.id == id }) else {
            return (false, nil)
        }
        guard !pending.remove(at: index).isOwn else {
            isRefused = true
            return (true, nil)
        }
        // No reply will show what the session lacks.
        guard pending.isEmpty, let latest else { return (false, nil) }
        return (false, wish(lack(of: latest)))
    }

    // MARK: What a session lacks

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

    /// The members of an object that another one lacks or has as null, however deep; nil if it has all.
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

    /// Adds the union of the session's functions and the router's, if the session lacks some of those. Sessions without a conversation know
    /// no functions.
    private func addFunctions(to lack: inout JSONObject, _ session: JSONObject) {
        let own = functions()
        guard !own.isEmpty, ["realtime", nil].contains(session["type"]?.string) else { return }
        let present = session["tools"]?.array ?? []
        let names = Set(present.compactMap { $0["name"]?.string })
        let missing = own.filter { $0.name.map { !names.contains($0) } ?? true }
        guard !missing.isEmpty else { return }
        lack["tools"] = .array(present + missing.map(\.json))
        // A session without functions may say that none is to be called.
        if present.isEmpty, session["tool_choice"]?.string == "none" { lack["tool_choice"] = "auto" }
    }
}
