internal import EventJSON
internal import RealtimeEvents

// Function calls: gathered from whatever frames carry them, ready once.
extension SessionState {
    /// The call that an item of an event is about, and the frame that says so; nil if the item is no call with an id.
    private mutating func callFrame(
        _ item: ItemReader, response: IDKey?, isNamed: Bool, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> (key: CallKey, frame: CallOccurrences.Frame)? {
        guard slots.equals(item.type, in: text, "function_call"), let id = slots.key(at: item.callID, in: text) else {
            return nil
        }
        let frame = CallOccurrences.Frame(
            id: id, response: isNamed ? response : nil, item: slots.key(at: item.id, in: text),
            active: isNamed ? nil : response)
        return (calls.key(of: frame), frame)
    }

    /// Takes in what an event of a response says of a call.
    ///
    /// - Parameters:
    ///   - response: The response that the event belongs to.
    ///   - isNamed: Whether the event names that response itself.
    ///   - isWhole: Whether the call's arguments are all there.
    /// - Returns: The call.
    @discardableResult
    mutating func gatherCall(
        _ item: ItemReader, response: IDKey?, isNamed: Bool, isWhole: Bool, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) -> CallKey? {
        guard let (key, frame) = callFrame(item, response: response, isNamed: isNamed, &slots, text) else { return nil }
        let itemID = slots.text(at: item.id, in: text)
        let name = Self.name(at: item.name, &slots, text)
        let arguments = Self.arguments(at: item.arguments, &slots, text)
        let callID = slots.text(at: item.callID, in: text)
        gather(
            key, frame, callID, itemID: itemID.isEmpty ? nil : itemID, response: response, name: name,
            arguments: arguments, isWhole: isWhole, into: &derived)
        return key
    }

    private mutating func gather(
        _ key: CallKey, _ frame: CallOccurrences.Frame, _ callID: String, itemID: String?, response: IDKey?,
        name: String?, arguments: String?, isWhole: Bool, into derived: inout DerivedEvents
    ) {
        let record = response.flatMap { responses[$0] }
        if isWhole, !calls.isOpen(key) {
            calls.noteRepetition(key, frame, response: response, arguments: arguments) { hasOtherArguments in
                CallLedger.Repetition(
                    key: key, callID: callID, item: frame.item, itemID: itemID, responseID: record?.id,
                    hasOtherArguments: hasOtherArguments)
            }
        }
        let displaced = calls.gather(key, turn: record?.turn ?? turn, id: { callID }) { call in
            call.itemID = call.itemID ?? itemID
            call.response = call.response ?? response
            call.responseID = call.responseID ?? record?.id
            call.name = call.name ?? name
            if let arguments { call.arguments = arguments }
            if isWhole { call.isComplete = true }
        }
        if let displaced {
            raiseNotRun(displaced, "Too many calls were incomplete, so the oldest was given up.", into: &derived)
        }
    }

    /// Takes in what a conversation item says: a call's name, or that somebody answered a call.
    mutating func takeCallItem(
        _ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        guard let id = slots.key(at: item.callID, in: text) else { return }
        if slots.equals(item.type, in: text, "function_call") {
            // Where no response made it, it is history that a client restored, and stays incomplete.
            let response = utterances.find(slots.key(at: item.id, in: text) ?? id)
                .flatMap { utterances.items[$0].responseID }.map { IDKey($0) }
            gatherCall(item, response: response, isNamed: false, isWhole: false, &slots, text, into: &derived)
        } else if slots.equals(item.type, in: text, "function_call_output"), configuration.isInteractive {
            noteOutputItem(id, item: slots.key(at: item.id, in: text), into: &derived)
        }
    }

    mutating func takeArguments(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        let itemID = slots.string(slot: fields.itemID, in: text)
        let item = slots.key(fields.itemID, in: text)
        let named = slots.key(fields.responseID, in: text)
        let response = openResponse(fields.responseID, &slots, text)
        let key: CallKey
        let frame: CallOccurrences.Frame
        if let id = slots.key(fields.callID, in: text) {
            frame = CallOccurrences.Frame(
                id: id, response: named, item: item, active: named == nil ? response : nil)
            key = calls.key(of: frame)
        } else if let known = itemID.flatMap({ calls.key(ofItem: $0) }) {
            frame = CallOccurrences.Frame(id: known.id, response: named, item: item)
            key = known
        } else {
            return
        }
        gather(
            key, frame, slots.string(slot: fields.callID, in: text) ?? "", itemID: item == nil ? nil : itemID,
            response: response, name: Self.name(at: slots.index(fields.name), &slots, text),
            arguments: Self.arguments(at: slots.index(fields.arguments), &slots, text), isWhole: true, into: &derived)
        if let status = response.flatMap({ responses[$0]?.status }), status != "completed" {
            drop(key, Self.ended(status), into: &derived)
        }
    }

    /// Takes the end of a response's item in: the moment at which a call is ready.
    mutating func finishCallItem(
        _ item: ItemReader, response: IDKey?, isNamed: Bool, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        let isWhole = isWhole(item, &slots, text)
        guard
            let key = gatherCall(
                item, response: response, isNamed: isNamed, isWhole: isWhole, &slots, text, into: &derived)
        else { return }
        let status = response.flatMap { responses[$0]?.status } ?? "completed"
        if isWhole, status == "completed" {
            ready(key, into: &derived)
        } else if !isWhole, !slots.equals(item.status, in: text, "in_progress") {
            drop(key, Self.incomplete, into: &derived)
        } else if isWhole {
            drop(key, Self.ended(status), into: &derived)
        }
    }

    private func isWhole(_ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan) -> Bool {
        item.status < 0 || slots[item.status].kind == .null || slots.equals(item.status, in: text, "completed")
    }

    /// Takes the end of a response in: its calls that no `response.output_item.done` said are ready now, or never.
    mutating func finishCalls(
        of response: IDKey, isNamed: Bool, _ status: String, _ fields: SessionFields, _ slots: inout FieldSlots,
        _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        var item = ItemReader(fields.output, slots)
        while item.nextItem(slots) {
            let isWhole = isWhole(item, &slots, text)
            let key = gatherCall(
                item, response: response, isNamed: isNamed, isWhole: isWhole, &slots, text, into: &derived)
            if let key, !isWhole { drop(key, Self.incomplete, into: &derived) }
        }
        for (key, call) in calls.open(of: response) {
            if status != "completed" {
                drop(key, Self.ended(status), into: &derived)
            } else if call.isComplete {
                ready(key, into: &derived)
            }
        }
        if !calls.repetitions.isEmpty { raiseRepetitions(into: &derived) }
    }

    /// Settles the calls whose response never ended: those that have all their arguments are ready.
    mutating func settleCalls(into derived: inout DerivedEvents) {
        for (key, call) in calls.open() {
            if call.isComplete {
                ready(key, into: &derived)
            } else {
                drop(key, "The session ended before the call was complete, so the call was not run.", into: &derived)
            }
        }
        if !calls.repetitions.isEmpty { raiseRepetitions(into: &derived) }
    }

    private mutating func ready(_ key: CallKey, into derived: inout DerivedEvents) {
        guard let call = calls.settleReady(key) else { return }
        totals.calls += 1
        clientAnswers.call(key)
        expectAnswer(after: .call, turn: call.turn, id: call.callID, occurrence: call.occurrence)
        if let output = recordedOutputs[session: sessionCount, callID: call.callID, occurrence: call.occurrence] {
            if let response = call.response { sequencer.clientAnswered(in: response) }
            return tellReplayed(call, output, into: &derived)
        }
        let reference = CallReference(session: identity.key, callID: call.callID, occurrence: call.occurrence)
        tell(
            .routerFunctionCallReady, "function_call.ready/\(call.label)", turn: call.turn, call: reference,
            into: &derived
        ) { (body: inout FunctionCall) in
            body.callID = call.callID
            body.occurrence = call.laterOccurrence
            body.name = call.name
            body.arguments = FunctionCall.arguments(call.arguments ?? "")
            body.responseID = call.responseID
            body.itemID = call.itemID
        }
        offer(call, reference)
        if !observed.contains(.routerFunctionCallReady) { decline(reference) }
    }

    /// The recording's client answered the call, so nothing runs and nothing is sent: that client sent the output.
    private mutating func tellReplayed(
        _ call: CallLedger.Gathering, _ output: String, into derived: inout DerivedEvents
    ) {
        tell(
            .routerFunctionCallDone, "function_call.done/\(call.label)", turn: call.turn,
            call: CallReference(session: identity.key, callID: call.callID, occurrence: call.occurrence), into: &derived
        ) { (body: inout FunctionCallOutcome) in
            body.callID = call.callID
            body.occurrence = call.laterOccurrence
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
}

extension FunctionCall {
    /// The arguments that a text says: an object, or the text itself if it is not the text of one.
    static func arguments(_ text: String) -> JSONValue {
        if let value = try? JSONValue(parsing: text), case .object = value { return value }
        return .string(text)
    }
}
