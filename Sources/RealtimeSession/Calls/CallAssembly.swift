internal import EventJSON
internal import RealtimeEvents

// Assembles function calls from the events that carry parts of them (frames), and makes each call ready once.
extension SessionState {
    /// The call that an event's item belongs to, and the frame for it; nil if the item is not a call with an id.
    private mutating func callFrame(
        _ item: ItemReader, response: IDKey?, isNamed: Bool, _ event: borrowing EventReader
    ) -> (key: CallKey, frame: CallOccurrences.Frame)? {
        guard event.equals(at: item.type, "function_call"), let id = event.key(at: item.callID) else {
            return nil
        }
        let frame = CallOccurrences.Frame(
            id: id, response: isNamed ? response : nil, item: event.key(at: item.id),
            active: isNamed ? nil : response)
        return (calls.key(of: frame), frame)
    }

    /// Applies an item of a response to its call.
    ///
    /// - Parameters:
    ///   - response: The response that the event belongs to.
    ///   - isNamed: Whether the event itself names that response.
    ///   - isComplete: Whether the call's arguments are complete.
    /// - Returns: The call's key; nil if the item is not a call with an id.
    @discardableResult
    mutating func assembleCall(
        _ item: ItemReader, response: IDKey?, isNamed: Bool, isComplete: Bool, _ event: borrowing EventReader
    ) -> CallKey? {
        guard let (key, frame) = callFrame(item, response: response, isNamed: isNamed, event) else {
            if isComplete, event.equals(at: item.type, "function_call") {
                raiseMissingCallID(itemID: event.text(at: item.id), response: response)
            }
            return nil
        }
        let itemID = event.text(at: item.id)
        let name = Self.name(at: item.name, event)
        let arguments = Self.arguments(at: item.arguments, event)
        let callID = event.text(at: item.callID)
        assemble(
            key, frame, callID, itemID: itemID.isEmpty ? nil : itemID, response: response, name: name,
            arguments: arguments, isComplete: isComplete)
        return key
    }

    private mutating func assemble(
        _ key: CallKey, _ frame: CallOccurrences.Frame, _ callID: String, itemID: String?, response: IDKey?,
        name: String?, arguments: String?, isComplete: Bool
    ) {
        let record = response.flatMap { responses[$0] }
        let repetition = { (hasOtherArguments: Bool) in
            PendingCalls.Repetition(
                key: key, callID: callID, item: frame.item, itemID: itemID, responseID: record?.id,
                hasOtherArguments: hasOtherArguments)
        }
        if isComplete, !calls.isOpen(key) {
            calls.noteRepetition(key, frame, response: response, arguments: arguments, repetition)
        } else if isComplete, calls.isOther(key, itemID: itemID, arguments: arguments) {
            return calls.note(repetition(true))
        }
        let displaced = calls.update(key, turn: record?.turn ?? turn, id: { callID }) { call in
            call.itemID = call.itemID ?? itemID
            call.response = call.response ?? response
            call.responseID = call.responseID ?? record?.id
            call.name = call.name ?? name
            if let arguments { call.arguments = arguments }
            if isComplete { call.isComplete = true }
        }
        if let displaced {
            raiseNotRun(displaced, "Too many calls were incomplete, so the oldest was given up.")
        }
    }

    /// Applies a conversation item: a call, or the output of a call from any sender.
    mutating func handleCallItem(_ item: ItemReader, _ event: borrowing EventReader) {
        guard let id = event.key(at: item.callID) else { return }
        if event.equals(at: item.type, "function_call") {
            // A call that no response made is history that a client restored, and stays incomplete.
            let response = conversation.find(event.key(at: item.id) ?? id)
                .flatMap { conversation.items[$0].responseID }.map { IDKey($0) }
            assembleCall(item, response: response, isNamed: false, isComplete: false, event)
        } else if event.equals(at: item.type, "function_call_output") {
            guard configuration.isInteractive else { return noteRecordedCallAnswered() }
            noteOutputItem(id, item: event.key(at: item.id))
        }
    }

    mutating func handleArguments(_ event: borrowing EventReader) {
        let itemID = event.string(event.fields.itemID)
        let item = event.key(event.fields.itemID)
        let named = event.key(event.fields.responseID)
        let response = responses.open(event.fields.responseID, event, turn: turn)
        let key: CallKey
        let frame: CallOccurrences.Frame
        if let id = event.key(event.fields.callID) {
            frame = CallOccurrences.Frame(
                id: id, response: named, item: item, active: named == nil ? response : nil)
            key = calls.key(of: frame)
        } else if let known = itemID.flatMap({ calls.key(ofItem: $0) }) {
            frame = CallOccurrences.Frame(id: known.id, response: named, item: item)
            key = known
        } else {
            return
        }
        assemble(
            key, frame, event.string(event.fields.callID) ?? "", itemID: item == nil ? nil : itemID,
            response: response, name: Self.name(at: event.index(event.fields.name), event),
            arguments: Self.arguments(at: event.index(event.fields.arguments), event), isComplete: true)
        if let status = response.flatMap({ responses[$0]?.status }), status != "completed" {
            drop(key, Self.ended(status))
        }
    }

    /// Applies the end of a response's item, which makes a complete call ready.
    mutating func finishCallItem(_ item: ItemReader, response: IDKey?, isNamed: Bool, _ event: borrowing EventReader) {
        let isComplete = isComplete(item, event)
        guard
            let key = assembleCall(
                item, response: response, isNamed: isNamed, isComplete: isComplete, event)
        else { return }
        let status = response.flatMap { responses[$0]?.status } ?? "completed"
        if isComplete, status == "completed" {
            ready(key)
        } else if !isComplete, !event.equals(at: item.status, "in_progress") {
            drop(key, Self.incomplete)
        } else if isComplete {
            drop(key, Self.ended(status))
        }
    }

    private func isComplete(_ item: ItemReader, _ event: borrowing EventReader) -> Bool {
        item.status < 0 || event[item.status].kind == .null || event.equals(at: item.status, "completed")
    }

    /// Applies the end of a response. Its calls that had no `response.output_item.done` become ready now or never.
    mutating func finishCalls(of response: IDKey, isNamed: Bool, _ status: String, _ event: borrowing EventReader) {
        var item = ItemReader(event.fields.output, event)
        while item.nextItem(event) {
            let isComplete = isComplete(item, event)
            let key = assembleCall(
                item, response: response, isNamed: isNamed, isComplete: isComplete, event)
            if let key, !isComplete { drop(key, Self.incomplete) }
        }
        for (key, call) in calls.open(of: response) {
            if status != "completed" {
                drop(key, Self.ended(status))
            } else if call.isComplete {
                ready(key)
            }
        }
        if !calls.repetitions.isEmpty { raiseRepetitions() }
    }

    /// Settles the calls whose response never ended: those with complete arguments become ready.
    mutating func settleCalls() {
        for (key, call) in calls.open() {
            if call.isComplete {
                ready(key)
            } else {
                drop(key, "The session ended before the call was complete, so the call was not run.")
            }
        }
        if !calls.repetitions.isEmpty { raiseRepetitions() }
    }

    private mutating func ready(_ key: CallKey) {
        guard let call = calls.settleReady(key) else { return }
        emitter.totals.calls += 1
        expectAnswer(after: .call, turn: call.turn, id: call.callID, occurrence: call.occurrence)
        let output = outbound.recordedOutputs[
            session: sessionCount, callID: call.callID, occurrence: call.occurrence]
        let reference = CallReference(session: emitter.identity.key, callID: call.callID, occurrence: call.occurrence)
        emitter.emit(
            .routerFunctionCallReady, "function_call.ready/\(call.label)", turn: call.turn, call: reference,
            isReplayed: output != nil
        ) { (body: inout FunctionCall) in
            body.callID = call.callID
            body.occurrence = call.laterOccurrence
            body.name = call.name
            body.arguments = FunctionCall.arguments(call.arguments ?? "")
            body.responseID = call.responseID
            body.itemID = call.itemID
        }
        if let output { return replay(call, key, reference, output) }
        offer(call, reference)
        if !emitter.observed.contains(.routerFunctionCallReady) { decline(reference) }
    }

    private static func name(at index: Int32, _ event: borrowing EventReader) -> String? {
        event.string(at: index).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The arguments as text; nil if they have not arrived. An object, as some servers send, counts as its JSON text.
    private static func arguments(at index: Int32, _ event: borrowing EventReader) -> String? {
        guard index >= 0 else { return nil }
        if event[index].kind == .object {
            return event.withText(at: index) { span in
                unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            }
        }
        return name(at: index, event)
    }
}

extension FunctionCall {
    /// Parses the arguments: an object, or the text itself if it is not a JSON object.
    static func arguments(_ text: String) -> JSONValue {
        if let value = try? JSONValue(parsing: text), case .object = value { return value }
        return .string(text)
    }
}
