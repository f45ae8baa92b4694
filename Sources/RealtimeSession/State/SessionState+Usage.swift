internal import EventJSON
internal import RealtimeEvents

// What a response used.
extension SessionState {
    /// Emits the usage of a response that the server ends again, if it is another one.
    mutating func reviseUsage(of response: ResponseRecord, _ event: borrowing EventReader) {
        guard let usage = Self.usageKey(event), usage != response.usage else { return }
        responses[response.key]?.usage = usage
        responses[response.key]?.usageRevisions += 1
        let id = "response.done/\(response.id)/\(response.usageRevisions + 2)"
        let value = Self.usage(event)
        emitter.emit(.routerResponseDone, id, turn: response.turn) { (body: inout ResponseSummary) in
            body.responseID = response.id
            body.outOfBand = response.isOutOfBand ? true : nil
            body.responseMetadata = response.metadata
            body.status = response.status
            body.usage = value
            body.revised = true
        }
    }

    /// The place of the token counts: in the response, or beside it as xAI has them.
    private static func usageRange(_ event: borrowing EventReader) -> Range<Int>? {
        for field in [event.fields.responseUsage, event.fields.usage] {
            // An empty object says nothing.
            guard let value = event.value(field), value.kind == .object, value.range.count > 2 else { continue }
            return Int(value.range.start)..<Int(value.range.end)
        }
        return nil
    }

    /// What stands for the token counts, to see whether they come again.
    static func usageKey(_ event: borrowing EventReader) -> IDKey? {
        usageRange(event).map { event.withText(in: $0) { IDKey($0) } }
    }

    /// The token counts as they came.
    static func usage(_ event: borrowing EventReader) -> JSONValue? {
        usageRange(event).flatMap { event.withText(in: $0) { try? JSONValue(parsing: $0) } }
    }
}
