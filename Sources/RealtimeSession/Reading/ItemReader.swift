internal import EventJSON

/// Reads an item, or each item of a list, from an event's slots. Every property is an index into the slots; -1 if the
/// field is absent.
struct ItemReader {
    private(set) var id: Int32 = -1
    private(set) var type: Int32 = -1
    private(set) var status: Int32 = -1
    private(set) var role: Int32 = -1
    private(set) var callID: Int32 = -1
    private(set) var name: Int32 = -1
    private(set) var arguments: Int32 = -1
    private(set) var outputText: Int32 = -1
    private(set) var phase: Int32 = -1
    private(set) var serverLabel: Int32 = -1
    private(set) var error: Int32 = -1
    private(set) var contentIndex = -1
    private(set) var contentType: Int32 = -1
    private(set) var contentText: Int32 = -1
    private(set) var contentTranscript: Int32 = -1

    private var item = ByteRange(start: 0, end: 0)
    private var objects: FieldCursor
    private var ids: FieldCursor
    private var types: FieldCursor
    private var statuses: FieldCursor
    private var roles: FieldCursor
    private var callIDs: FieldCursor
    private var names: FieldCursor
    private var argumentsTexts: FieldCursor
    private var outputTexts: FieldCursor
    private var phases: FieldCursor
    private var serverLabels: FieldCursor
    private var errors: FieldCursor
    private var contents: FieldCursor
    private var contentTypes: FieldCursor
    private var contentTexts: FieldCursor
    private var contentTranscripts: FieldCursor

    init(_ fields: SessionFields.ItemFields, _ event: borrowing EventReader) {
        objects = FieldCursor(fields.object, event)
        ids = FieldCursor(fields.id, event)
        types = FieldCursor(fields.type, event)
        statuses = FieldCursor(fields.status, event)
        roles = FieldCursor(fields.role, event)
        callIDs = FieldCursor(fields.callID, event)
        names = FieldCursor(fields.name, event)
        argumentsTexts = FieldCursor(fields.arguments, event)
        outputTexts = FieldCursor(fields.outputText, event)
        phases = FieldCursor(fields.phase, event)
        serverLabels = FieldCursor(fields.serverLabel, event)
        errors = FieldCursor(fields.error, event)
        contents = FieldCursor(fields.content, event)
        contentTypes = FieldCursor(fields.contentType, event)
        contentTexts = FieldCursor(fields.contentText, event)
        contentTranscripts = FieldCursor(fields.contentTranscript, event)
    }

    /// Moves to the next item; false if there is none.
    mutating func nextItem(_ event: borrowing EventReader) -> Bool {
        guard let item = objects.nextObject(in: ByteRange(start: 0, end: .max), event) else { return false }
        self.item = item
        id = ids.value(in: item, event)
        type = types.value(in: item, event)
        status = statuses.value(in: item, event)
        role = roles.value(in: item, event)
        callID = callIDs.value(in: item, event)
        name = names.value(in: item, event)
        arguments = argumentsTexts.value(in: item, event)
        outputText = outputTexts.value(in: item, event)
        phase = phases.value(in: item, event)
        serverLabel = serverLabels.value(in: item, event)
        error = errors.value(in: item, event)
        contentIndex = -1
        return true
    }

    /// Moves to the item's next content part; false if there is none.
    mutating func nextContent(_ event: borrowing EventReader) -> Bool {
        guard let content = contents.nextObject(in: item, event) else { return false }
        contentIndex += 1
        contentType = contentTypes.value(in: content, event)
        contentText = contentTexts.value(in: content, event)
        contentTranscript = contentTranscripts.value(in: content, event)
        return true
    }

    /// The role of a message; nil if the item is not a message.
    func messageRole(_ event: borrowing EventReader) -> ItemRecord.Role? {
        if type >= 0, !event.equals(at: type, "message") { return nil }
        if event.equals(at: role, "user") { return .user }
        if event.equals(at: role, "assistant") { return .assistant }
        return role >= 0 ? .system : .unknown
    }
}

/// Iterates over the values of one field within arrays, object by object.
///
/// Callers must ask about the objects in document order, so that the whole event takes one pass however many objects it
/// has.
struct FieldCursor {
    private var index: Int32

    init(_ field: Int, _ event: borrowing EventReader) {
        index = event.firstIndex(field)
    }

    /// The index of the field's last value within an object, which is the one that a decoder would use; -1 if there is
    /// none.
    mutating func value(in object: ByteRange, _ event: borrowing EventReader) -> Int32 {
        var found: Int32 = -1
        while index >= 0, event[index].range.start < object.end {
            if event[index].range.start >= object.start { found = index }
            index = event.nextIndex(index)
        }
        return found
    }

    /// The field's next object within another object; nil if there is none.
    mutating func nextObject(in object: ByteRange, _ event: borrowing EventReader) -> ByteRange? {
        while index >= 0, event[index].range.start < object.end {
            let value = event[index]
            index = event.nextIndex(index)
            if value.range.start >= object.start, value.kind == .object { return value.range }
        }
        return nil
    }
}

extension MCPItem {
    /// Reads the MCP data of an item. Values that the item lacks keep those of an earlier event.
    init(_ item: ItemReader, _ event: borrowing EventReader, after earlier: MCPItem?) {
        serverLabel = event.text(at: item.serverLabel)
        tool = event.hasText(at: item.name) ? event.text(at: item.name) : earlier?.tool
        reason = Self.reason(item.error, event) ?? earlier?.reason
    }

    /// Reads the reason from an `error`, which is an object or a plain message.
    private static func reason(_ index: Int32, _ event: borrowing EventReader) -> Reason? {
        if event.hasText(at: index) { return Reason(message: event.text(at: index)) }
        guard let error = event.object(at: index) else { return nil }
        let type = error["type"]?.string
        let code = error["code"]?.int
        let message = error["message"]?.string ?? error["content"]?.description
        return Reason(message: message, type: type, code: code)
    }
}
