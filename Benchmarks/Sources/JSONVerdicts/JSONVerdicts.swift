import EventJSON
import Foundation
import RealtimeEvents

/// Parses many texts as JSON and prints their values: `JSONVerdicts FILE`.
///
/// In the file, each text follows its length, a little-endian 32-bit integer. The program prints one line per text:
/// `refused` if it is not JSON, otherwise its value. Each part of the value has a tag, so that the spelling of numbers
/// and the order of duplicate keys are kept.
@main
struct JSONVerdicts {
    static func main() throws {
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
        let plan = FieldPlan([["type"], ["item", "content", "type"], ["response", "usage", "total_tokens"]])
        var slots = FieldSlots(plan)
        var writer = JSONWriter()
        var offset = 0
        while offset < file.count {
            let count = file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            let text = Array(file[offset + 4..<offset + 4 + count])
            offset += 4 + count
            let value = try? JSONValue(parsing: text)
            let isScanned = (try? plan.scan(text.span.bytes, into: &slots)) != nil
            let type = isScanned ? slots.string(slot: 0, in: text.span.bytes) : nil
            let total = isScanned ? slots.int(slot: 2, in: text.span.bytes) : nil
            if isScanned != (value != nil) || isDecodable(text) != (value != nil) || type != value?["type"]?.string
                || total != value?["response"]?["usage"]?["total_tokens"]?.int
            {
                print("the scanner, the payloads and the tree disagree")
            } else if let value {
                writer.value(tagged(value))
                print(String(decoding: writer.bytes, as: UTF8.self))
                writer.removeAll(keepingCapacity: true)
            } else {
                print("refused")
            }
        }
    }

    /// Whether the payload decoder accepts a text. Valid JSON that is not an object counts as accepted.
    private static func isDecodable(_ text: [UInt8]) -> Bool {
        let event = RealtimeEvent(bytes: text, type: "", wireType: "", position: EventPosition(line: 1))
        do {
            _ = try event.decode(ResponseEvent.self)
            return true
        } catch {
            return error == .notAnObject
        }
    }

    private static func tagged(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null: ["literal", "null"]
        case .bool(let value): ["literal", .string("\(value)")]
        case .number(let number): ["number", .string(number.text)]
        case .string(let text): ["string", .string(text)]
        case .array(let elements): ["array", .array(elements.map(tagged))]
        case .object(let object):
            ["object", .array(object.map { .array([.string($0.key), tagged($0.value)]) })]
        }
    }
}
