import EventJSON
import Testing

struct DisplayEscapingTests {
    private static let hidden: [ClosedRange<UInt32>] = [
        0...8, 0xB...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069,
    ]

    @Test("Every hidden character becomes its JSON escape, every other one stays")
    func displayEscaping_ofEveryCharacter() throws {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = Array("a\(scalar)b".utf8)
            let escaped = String(decoding: text.escapedForDisplay, as: UTF8.self)
            let digits = String(value, radix: 16)
            let escape = "a\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "b"
            if value == 0x0D {
                #expect(escaped == "a b")
            } else if Self.hidden.contains(where: { $0.contains(value) }) {
                #expect(escaped == escape)
            } else {
                #expect(Array(escaped.utf8) == text)
            }
        }
    }

    @Test func displayEscaping_keepsTheJSONValue() throws {
        var hostile = ""
        for value in Self.hidden.joined() { hostile.unicodeScalars.append(Unicode.Scalar(value)!) }
        let value: JSONValue = [.string(hostile), ["\(hostile)": 1], "日本 😀 “quoted” \u{1F}\u{202E}"]
        let json = Array(value.description.replacing(",", with: ",\r\n\t").utf8)
        let escaped = json.escapedForDisplay
        #expect(try JSONValue(parsing: escaped) == value)
        #expect(!escaped.contains { $0 == 0x7F || $0 == 0x0D })
        #expect(escaped.escapedForDisplay == escaped)
    }

    @Test(
        "A text that ends within a character stays as it is", arguments: [[0xC2], [0xE2], [0xE2, 0x80]] as [[UInt8]])
    func displayEscaping_ofTruncatedCharacters(_ bytes: [UInt8]) {
        #expect(bytes.escapedForDisplay == bytes)
    }
}
