internal import EventJSON
internal import RealtimeEvents

// Function calls: gathered from whatever frames carry them, ready once.
extension SessionState {
    /// Takes in what an event of a response says of a call.
    ///
    /// - Parameter isWhole: Whether its arguments are all there.
    mutating func gatherCall(
        _ item: ItemReader, itemID: String, response: IDKey?, isWhole: Bool, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        guard slots.equals(item.type, in: text, "function_call"),
            let key = slots.key(at: item.callID, in: text)
        else { return }
        let responseID = response.flatMap { responses[$0]?.id }
        let turn = response.flatMap { responses[$0]?.turn } ?? turn
        calls.gather(key, turn: turn, id: { slots.text(at: item.callID, in: text) }) { call in
            call.itemID = call.itemID ?? (itemID.isEmpty ? nil : itemID)
            call.response = call.response ?? response
            call.responseID = call.responseID ?? responseID
            call.name = call.name ?? Self.name(at: item.name, &slots, text)
            if let arguments = Self.arguments(at: item.arguments, &slots, text) { call.arguments = arguments }
            if isWhole { call.isComplete = true }
        }
    }

    /// Takes in what a conversation item says: a call's name, or that somebody answered a call.
    mutating func takeCallItem(
        _ item: ItemReader, itemID: String, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        guard let key = slots.key(at: item.callID, in: text) else { return }
        if slots.equals(item.type, in: text, "function_call") {
            // Where no response made it, it is history that a client gave, and stays incomplete.
            let response = utterances.find(slots.key(at: item.id, in: text) ?? key)
                .flatMap { utterances.items[$0].responseID }.map { IDKey($0) }
            gatherCall(item, itemID: itemID, response: response, isWhole: false, &slots, text)
        } else if slots.equals(item.type, in: text, "function_call_output"), configuration.isInteractive {
            noteForeignOutput(key, into: &derived)
        }
    }

    mutating func takeArguments(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        let itemID = slots.string(slot: fields.itemID, in: text)
        guard let key = slots.key(fields.callID, in: text) ?? itemID.flatMap({ calls.key(ofItem: $0) }) else { return }
        let response = openResponse(fields.responseID, &slots, text)
        if let status = response.flatMap({ responses[$0]?.status }), status != "completed" {
            _ = calls.settle(key)
            return
        }
        let responseID = response.flatMap { responses[$0]?.id }
        let turn = response.flatMap { responses[$0]?.turn } ?? turn
        calls.gather(key, turn: turn, id: { slots.string(slot: fields.callID, in: text) ?? "" }) { call in
            call.itemID = call.itemID ?? itemID
            call.response = call.response ?? response
            call.responseID = call.responseID ?? responseID
            call.name = call.name ?? Self.name(at: slots.index(fields.name), &slots, text)
            if let arguments = Self.arguments(at: slots.index(fields.arguments), &slots, text) {
                call.arguments = arguments
            }
            call.isComplete = true
        }
    }

    /// Takes the end of a response's item in: the moment at which a call is ready.
    mutating func finishCallItem(
        _ item: ItemReader, response: IDKey?, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        guard slots.equals(item.type, in: text, "function_call"), let key = slots.key(at: item.callID, in: text) else {
            return
        }
        let isWhole = isWhole(item, &slots, text)
        gatherCall(
            item, itemID: slots.text(at: item.id, in: text), response: response, isWhole: isWhole, &slots, text)
        if isWhole, response.flatMap({ responses[$0]?.status }) ?? "completed" == "completed" {
            ready(key, into: &derived)
        } else if !slots.equals(item.status, in: text, "in_progress") {
            _ = calls.settle(key)
        }
    }

    private func isWhole(_ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan) -> Bool {
        item.status < 0 || slots[item.status].kind == .null || slots.equals(item.status, in: text, "completed")
    }

    /// Takes the end of a response in: its calls that no `response.output_item.done` said are ready now, or never.
    mutating func finishCalls(
        of response: IDKey, _ status: String, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        var item = ItemReader(fields.output, slots)
        while item.nextItem(slots) {
            guard slots.equals(item.type, in: text, "function_call"),
                let key = slots.key(at: item.callID, in: text)
            else { continue }
            let isWhole = isWhole(item, &slots, text)
            let id = slots.text(at: item.id, in: text)
            gatherCall(item, itemID: id, response: response, isWhole: isWhole, &slots, text)
            if !isWhole { _ = calls.settle(key) }
        }
        for (key, call) in calls.open(of: response) {
            if status != "completed" {
                _ = calls.settle(key)
            } else if call.isComplete {
                ready(key, into: &derived)
            }
        }
    }

    /// At the end of the session calls are ready whose response never ended, when their arguments are all there.
    mutating func readyAll(into derived: inout DerivedEvents) {
        for (key, call) in calls.open() where call.isComplete { ready(key, into: &derived) }
    }

    private mutating func ready(_ key: IDKey, into derived: inout DerivedEvents) {
        guard !calls.isSettled(key), let call = calls.settle(key), !call.callID.isEmpty else { return }
        totals.calls += 1
        expectAnswer(after: .call, turn: call.turn, id: call.callID)
        if let output = recordedOutputs[key] { return tellReplayed(call, output, into: &derived) }
        tell(
            .routerFunctionCallReady, "function_call.ready/\(call.callID)", turn: call.turn, callID: call.callID,
            into: &derived
        ) { (body: inout FunctionCall) in
            body.callID = call.callID
            body.name = call.name
            body.arguments = Self.parsed(call.arguments ?? "")
            body.responseID = call.responseID
            body.itemID = call.itemID
        }
        offer(call, key)
        if !observed.contains(.routerFunctionCallReady) { decline(call.callID) }
    }

    /// The recording's client answered the call, so nothing runs and nothing is sent: that client sent the output.
    private mutating func tellReplayed(
        _ call: CallLedger.Gathering, _ output: String, into derived: inout DerivedEvents
    ) {
        tell(
            .routerFunctionCallDone, "function_call.done/\(call.callID)", turn: call.turn, callID: call.callID,
            into: &derived
        ) { (body: inout FunctionCallOutcome) in
            body.callID = call.callID
            body.name = call.name
            body.state = .replayed
            body.output = output
        }
    }

    private static func name(at index: Int32, _ slots: inout FieldSlots, _ text: RawSpan) -> String? {
        slots.string(index, in: text).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The arguments as text; nil when they are not there yet. A server that gives an object means its text.
    private static func arguments(at index: Int32, _ slots: inout FieldSlots, _ text: RawSpan) -> String? {
        guard index >= 0 else { return nil }
        if slots[index].kind == .object {
            return slots.withText(index, in: text) { span in
                unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            }
        }
        return name(at: index, &slots, text)
    }

    private static func parsed(_ arguments: String) -> JSONValue {
        if let value = try? JSONValue(parsing: arguments), case .object = value { return value }
        return .string(arguments)
    }
}
