import EventJSON
import NIOCore

/// Reads the few fields of a message that a proxy needs, without decoding the rest.
struct MessageScanner: ~Copyable {
    /// A readable field.
    enum Field: Int, CaseIterable {
        case type, eventID, errorEventID, errorParameter, errorCode, itemID, previousItemID, callID
        case item, itemType, itemCallID, itemName

        fileprivate var path: [String] {
            switch self {
            case .type: ["type"]
            case .eventID: ["event_id"]
            case .errorEventID: ["error", "event_id"]
            case .errorParameter: ["error", "param"]
            case .errorCode: ["error", "code"]
            case .itemID: ["item_id"]
            case .previousItemID: ["previous_item_id"]
            case .callID: ["call_id"]
            case .item: ["item", "id"]
            case .itemType: ["item", "type"]
            case .itemCallID: ["item", "call_id"]
            case .itemName: ["item", "name"]
            }
        }
    }

    private static let plan = FieldPlan(Field.allCases.map(\.path))
    private static let rooms = ScanRooms()

    private var slots = FieldSlots(plan, rooms: rooms)
    private var message = ByteBuffer()

    /// Scans a message, whose fields can then be read until the next scan.
    ///
    /// - Returns: false if the message is not a JSON object.
    mutating func scan(_ message: ByteBuffer) -> Bool {
        self.message = message
        defer { slots.rest() }
        do { try Self.plan.scan(message.readableBytesSpan, into: &slots) } catch { return false }
        return slots.rootKind == .object
    }

    /// The value of a string field; nil if it is missing or not a string.
    mutating func string(_ field: Field) -> String? {
        let message = self.message
        return slots.string(slot: field.rawValue, in: message.readableBytesSpan)
    }

    /// Whether a field is a string with this value.
    mutating func equals(_ field: Field, _ text: StaticString) -> Bool {
        let message = self.message
        return slots.equals(slot: field.rawValue, in: message.readableBytesSpan, text)
    }

    /// The byte range of a field's value in the message, including the quotes of a string; nil if the field is missing.
    func range(_ field: Field) -> Range<Int>? {
        guard let value = slots.value(field.rawValue) else { return nil }
        let quotes = value.kind == .string ? 1 : 0
        return Int(value.range.start) - quotes..<Int(value.range.end) + quotes
    }

    /// Whether the message contains a field more than once, so that different parsers may read different values.
    func isRepeated(_ field: Field) -> Bool { slots.firstIndex(field.rawValue) != slots.index(field.rawValue) }

    /// The whole message.
    var json: JSONValue? { try? JSONValue(parsing: message.readableBytesSpan) }
}
