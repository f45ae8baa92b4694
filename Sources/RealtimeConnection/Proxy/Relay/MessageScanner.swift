import EventJSON
import NIOCore

/// Reads the few fields of a message by which a proxy knows what it is; the rest is not decoded.
struct MessageScanner: ~Copyable {
    /// A field that can be read.
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

    /// Reads a message; its fields can be asked for until the next one.
    ///
    /// - Returns: false if it is no JSON object.
    mutating func scan(_ message: ByteBuffer) -> Bool {
        self.message = message
        defer { slots.rest() }
        do { try Self.plan.scan(message.readableBytesSpan, into: &slots) } catch { return false }
        return slots.rootKind == .object
    }

    /// The text of a field; nil where it is no string.
    mutating func string(_ field: Field) -> String? {
        let message = self.message
        return slots.string(slot: field.rawValue, in: message.readableBytesSpan)
    }

    /// Whether a field is this text.
    mutating func equals(_ field: Field, _ text: StaticString) -> Bool {
        let message = self.message
        return slots.equals(slot: field.rawValue, in: message.readableBytesSpan, text)
    }

    /// The bytes of a field's value in the message, the quotes of a string included; nil if there is none.
    func range(_ field: Field) -> Range<Int>? {
        guard let value = slots.value(field.rawValue) else { return nil }
        let quotes = value.kind == .string ? 1 : 0
        return Int(value.range.start) - quotes..<Int(value.range.end) + quotes
    }

    /// Whether the message has a field more than once, so that different readers may see different values.
    func isRepeated(_ field: Field) -> Bool { slots.firstIndex(field.rawValue) != slots.index(field.rawValue) }

    /// The whole message.
    var json: JSONValue? { try? JSONValue(parsing: message.readableBytesSpan) }
}
