public import RealtimeEvents

// Decoding the same structs with JSONDecoder, as a Swift program would do it: coding keys with the names of the wire,
// and every field optional. Fields that no event of the corpus has are left out, to JSONDecoder's advantage.

extension OutputDelta: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case type, event_id, response_id, item_id, output_index, content_index, delta, obfuscation
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&responseID, .response_id)
        try fields.read(&itemID, .item_id)
        try fields.read(&outputIndex, .output_index)
        try fields.read(&contentIndex, .content_index)
        try fields.read(&delta, .delta)
        try fields.read(&obfuscation, .obfuscation)
    }
}

extension InputTranscriptionDelta: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case type, event_id, item_id, content_index, delta, obfuscation
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&itemID, .item_id)
        try fields.read(&contentIndex, .content_index)
        try fields.read(&delta, .delta)
        try fields.read(&obfuscation, .obfuscation)
    }
}

extension InputTranscriptionCompleted: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case type, event_id, item_id, content_index, transcript, usage
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&itemID, .item_id)
        try fields.read(&contentIndex, .content_index)
        try fields.read(&transcript, .transcript)
        try fields.read(&usage, .usage)
    }
}

extension ConversationItemEvent: @retroactive Decodable {
    private enum Key: String, CodingKey { case type, event_id, item, previous_item_id }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&item, .item)
        try fields.read(&previousItemID, .previous_item_id)
    }
}

extension OutputItemEvent: @retroactive Decodable {
    private enum Key: String, CodingKey { case type, event_id, response_id, output_index, item }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&responseID, .response_id)
        try fields.read(&outputIndex, .output_index)
        try fields.read(&item, .item)
    }
}

extension ConversationItem: @retroactive Decodable {
    private enum Key: String, CodingKey { case id, object, type, status, role, content, call_id, name, arguments }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&id, .id)
        try fields.read(&object, .object)
        try fields.read(&type, .type)
        try fields.read(&status, .status)
        try fields.read(&role, .role)
        try fields.read(&content, .content)
        try fields.read(&callID, .call_id)
        try fields.read(&name, .name)
        try fields.read(&arguments, .arguments)
    }
}

extension ContentPart: @retroactive Decodable {
    private enum Key: String, CodingKey { case type, transcript }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&type, .type)
        try fields.read(&transcript, .transcript)
    }
}

extension ItemType: @retroactive Decodable {}
extension ItemStatus: @retroactive Decodable {}
extension ItemRole: @retroactive Decodable {}
extension ContentPartType: @retroactive Decodable {}

extension KeyedDecodingContainer {
    /// Reads an optional field. An absent field and null are nil.
    func read<Value: Decodable>(_ value: inout Value?, _ key: Key) throws {
        value = try decodeIfPresent(Value.self, forKey: key)
    }
}
