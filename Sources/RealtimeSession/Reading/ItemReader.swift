internal import EventJSON

/// Reads an item, or each of a list of them, out of an event's slots. Every field is an index of the scan, or -1.
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
    private var wholes: FieldCursor
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

    init(_ fields: SessionFields.ItemFields, _ slots: borrowing FieldSlots) {
        wholes = FieldCursor(fields.whole, slots)
        ids = FieldCursor(fields.id, slots)
        types = FieldCursor(fields.type, slots)
        statuses = FieldCursor(fields.status, slots)
        roles = FieldCursor(fields.role, slots)
        callIDs = FieldCursor(fields.callID, slots)
        names = FieldCursor(fields.name, slots)
        argumentsTexts = FieldCursor(fields.arguments, slots)
        outputTexts = FieldCursor(fields.outputText, slots)
        phases = FieldCursor(fields.phase, slots)
        serverLabels = FieldCursor(fields.serverLabel, slots)
        errors = FieldCursor(fields.error, slots)
        contents = FieldCursor(fields.content, slots)
        contentTypes = FieldCursor(fields.contentType, slots)
        contentTexts = FieldCursor(fields.contentText, slots)
        contentTranscripts = FieldCursor(fields.contentTranscript, slots)
    }

    /// Goes to the next item; false when there is none.
    mutating func nextItem(_ slots: borrowing FieldSlots) -> Bool {
        guard let item = wholes.nextObject(in: ByteRange(start: 0, end: .max), slots) else { return false }
        self.item = item
        id = ids.value(in: item, slots)
        type = types.value(in: item, slots)
        status = statuses.value(in: item, slots)
        role = roles.value(in: item, slots)
        callID = callIDs.value(in: item, slots)
        name = names.value(in: item, slots)
        arguments = argumentsTexts.value(in: item, slots)
        outputText = outputTexts.value(in: item, slots)
        phase = phases.value(in: item, slots)
        serverLabel = serverLabels.value(in: item, slots)
        error = errors.value(in: item, slots)
        contentIndex = -1
        return true
    }

    /// Goes to the next content part of the item; false when there is none.
    mutating func nextContent(_ slots: borrowing FieldSlots) -> Bool {
        guard let content = contents.nextObject(in: item, slots) else { return false }
        contentIndex += 1
        contentType = contentTypes.value(in: content, slots)
        contentText = contentTexts.value(in: content, slots)
        contentTranscript = contentTranscripts.value(in: content, slots)
        return true
    }
}
