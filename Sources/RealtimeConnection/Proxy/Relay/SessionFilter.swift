import EventJSON
import EventRouter
import NIOCore
import RealtimeEvents

/// Inspects the messages of a session in which the proxy does more than forward messages: it adds settings and
/// functions, hides calls of the router's functions, reads labels, or restricts the allowed event types.
final class SessionFilter {
    /// What to do with a message.
    enum Verdict: Equatable {
        case pass
        /// Do not forward the message.
        case hide
        /// Forward this message instead.
        case edited(ByteBuffer)
        /// The client may not send this message: close the session with this reason.
        case forbidden(String)
    }

    /// What the session must do as a result of the messages.
    struct SessionChanges {
        /// The `session` of an update to send.
        var update: JSONObject?
        /// The labels in the client's first update.
        var labels: [SessionLabel] = []
    }

    private var scanner = MessageScanner()
    private var updates: RouterUpdates?
    private var calls: RouterCalls?
    private let functions: @Sendable () -> OfferedFunctions
    /// The names of all functions that the router has had. Functions that a reload of the rules removed are still in
    /// the server's session.
    private var ownNames: Set<String> = []
    private let allowedTypes: Set<String>?
    /// The labels to read from the client's first update; empty once they are read.
    private var labels: [ClientLabel]
    private var changes: SessionChanges?

    /// - Returns: nil if the proxy only forwards messages.
    init?(
        _ options: ProxyOptions, _ client: ProxyClient?, functions: @escaping @Sendable () -> OfferedFunctions
    ) {
        labels = options.labels.filter { if case .session = $0.origin { true } else { false } }
        allowedTypes = client?.allowedTypes
        let acts = options.mode == .act
        guard acts || options.ensure != nil || !labels.isEmpty || allowedTypes != nil else { return nil }
        self.functions = functions
        if acts { calls = RouterCalls() }
        if acts || options.ensure != nil {
            updates = RouterUpdates(
                settings: options.ensure?.json ?? JSONObject(), functions: { acts ? functions().announced : [] })
        }
    }

    /// Returns the pending changes and clears them; nil if there are none.
    func takeChanges() -> SessionChanges? {
        defer { changes = nil }
        return changes
    }

    /// Records that the router is about to send an event.
    ///
    /// - Returns: false if the event must not be sent: see ``RouterUpdates/routerSends(id:session:)``.
    func routerSends(_ event: ClientEvent) -> Bool {
        let id = event.eventID
        if event.type == "session.update",
            updates?.routerSends(id: id, session: event.json["session"]?.object) == false
        {
            return false
        }
        calls?.routerSends(id: id)
        return true
    }

    private func request(_ update: JSONObject?) {
        guard let update else { return }
        changes = changes ?? SessionChanges()
        changes?.update = update
    }
}

// MARK: - Client messages

extension SessionFilter {
    /// Inspects a client message.
    func client(_ message: ByteBuffer) -> Verdict {
        guard scanner.scan(message) else { return allowedTypes == nil ? .pass : .forbidden("no event") }
        if let allowedTypes {
            let type = scanner.string(.type) ?? ""
            guard allowedTypes.contains(type) else { return .forbidden("this token may not send `\(type)`") }
            // If `type` is repeated, the server may use either value.
            guard !scanner.isRepeated(.type) else { return .forbidden("the event has two types") }
        }
        let isUpdate = scanner.equals(.type, "session.update")
        if isUpdate, !labels.isEmpty { readLabels() }
        if updates != nil {
            request(updates?.clientSends(isUpdate: isUpdate, id: isUpdate ? scanner.string(.eventID) : nil))
        }
        guard calls?.isEmpty == false, scanner.equals(.type, "conversation.item.create"),
            scanner.equals(.itemType, "function_call_output"), calls?.isOwn(call: scanner.string(.itemCallID)) == true
        else { return .pass }
        return .hide
    }

    private func readLabels() {
        let session = scanner.json?["session"]
        let found = labels.compactMap { label -> SessionLabel? in
            guard case .session(let path) = label.origin else { return nil }
            let value = path.reduce(session) { $0?[$1] }
            return (value?.string ?? value.flatMap(Self.shown)).map { SessionLabel(label.name, $0) }
        }
        labels = []
        guard !found.isEmpty else { return }
        changes = changes ?? SessionChanges()
        changes?.labels = found
    }

    private static func shown(_ value: JSONValue) -> String? {
        switch value {
        case .number, .bool: value.description
        default: nil
        }
    }
}

// MARK: - Server messages

extension SessionFilter {
    /// Inspects a server message.
    func server(_ message: ByteBuffer) -> Verdict {
        guard updates != nil || calls != nil, scanner.scan(message) else { return .pass }
        if scanner.equals(.type, "session.created") {
            if calls != nil { ownNames.formUnion(functions().names) }
            request(session.flatMap { updates?.created($0) })
            return .pass
        }
        if scanner.equals(.type, "session.updated") {
            if calls != nil { ownNames.formUnion(functions().names) }
            let reply = session.flatMap { updates?.updated($0) }
            request(reply?.update)
            return reply?.isOwn == true ? .hide : .pass
        }
        if scanner.equals(.type, "error") { return error() }
        return calls == nil ? .pass : conversation(message)
    }

    private var session: JSONObject? { scanner.json?["session"]?.object }

    private func error() -> Verdict {
        let id = scanner.string(.errorEventID)
        let refused = updates?.refused(
            id, parameter: scanner.string(.errorParameter), code: scanner.string(.errorCode))
        request(refused?.update)
        if refused?.isOwn == true { return .hide }
        return calls?.hasSent(id) == true ? .hide : .pass
    }

    /// Inspects a message about an item, a call or a response.
    private func conversation(_ message: ByteBuffer) -> Verdict {
        if scanner.equals(.type, "response.done") {
            guard calls?.isEmpty == false, let event = scanner.json, let edited = calls?.withoutOwn(event) else {
                return .pass
            }
            return .edited(ByteBuffer(string: edited.description))
        }
        if isOwnItem() { return .hide }
        guard calls?.isEmpty == false else { return .pass }
        if calls?.isOwn(item: scanner.string(.itemID)) == true || calls?.isOwn(call: scanner.string(.callID)) == true {
            return .hide
        }
        return withKnownPredecessor(message)
    }

    /// Whether the message contains one of the router's items: a call of its functions, or such a call's output.
    /// Remembers the item.
    private func isOwnItem() -> Bool {
        let item = scanner.string(.item)
        let isCall = scanner.equals(.itemType, "function_call")
        let isOutput = !isCall && scanner.equals(.itemType, "function_call_output")
        guard isCall || isOutput else { return calls?.isOwn(item: item) == true }
        let call = scanner.string(.itemCallID)
        let isOwn =
            calls?.isOwn(item: item) == true || calls?.isOwn(call: call) == true
            || isCall && scanner.string(.itemName).map(isOwnFunction) == true
        guard isOwn else { return false }
        calls?.add(item: item, call: call)
        if let item, scanner.range(.previousItemID) != nil {
            calls?.place(item, behind: scanner.string(.previousItemID))
        }
        return true
    }

    private func isOwnFunction(_ name: String) -> Bool {
        ownNames.formUnion(functions().names)
        return ownNames.contains(name)
    }

    /// The message with `previous_item_id` replaced by the id of an item that the client knows, or by null.
    private func withKnownPredecessor(_ message: ByteBuffer) -> Verdict {
        guard let range = scanner.range(.previousItemID), let previous = scanner.string(.previousItemID),
            calls?.isOwn(item: previous) == true
        else { return .pass }
        let known = calls?.known(previous).map { JSONValue.string($0).description } ?? "null"
        var edited = ByteBuffer()
        edited.writeImmutableBuffer(message.getSlice(at: message.readerIndex, length: range.lowerBound)!)
        edited.writeString(known)
        let rest = message.readableBytes - range.upperBound
        edited.writeImmutableBuffer(message.getSlice(at: message.readerIndex + range.upperBound, length: rest)!)
        return .edited(edited)
    }
}
