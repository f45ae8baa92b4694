import Foundation

/// Finds planted secrets, and halves of cards' numbers, in bytes that a run wrote.
///
/// Escapes are resolved, base64 of dead letters is decoded, and what can stand between digits is left out, so that no way of writing
/// hides one.
struct LeakSearch {
    /// What precedes a secret's number, and how many digits that has.
    private static let beginnings: [(text: [UInt8], digits: Int)] = [
        ("4975", 4), ("8642", 3), ("zq", 6), ("zm", 6), ("kx", 6), ("velvethammer", 6), ("fourninesevenfive", 0),
    ].map { (Array($0.0.utf8), $0.1) }
    private static let firsts = Set(beginnings.map(\.text[0]))

    /// The leaks, each with the text around it.
    static func leaks(in data: Data) -> [String] {
        var leaks = leaks(in: plain(data))
        for raw in String(decoding: data, as: UTF8.self).split(separator: "\"raw\":\"").dropFirst() {
            guard let decoded = Data(base64Encoded: String(raw.prefix { $0 != "\"" })) else { continue }
            leaks += Self.leaks(in: plain(decoded)).map { "in raw: \($0)" }
        }
        return leaks
    }

    private static func leaks(in bytes: [UInt8]) -> [String] {
        var leaks: [String] = []
        for index in bytes.indices where firsts.contains(bytes[index]) {
            for beginning in beginnings where bytes[index...].starts(with: beginning.text) {
                let digits = bytes[(index + beginning.text.count)...].prefix(beginning.digits)
                guard digits.count == beginning.digits, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { continue }
                leaks.append(String(decoding: bytes[max(index - 60, 0)..<min(index + 40, bytes.count)], as: UTF8.self))
            }
        }
        return leaks
    }

    /// The bytes in lower case without escapes, fullwidth forms, and all that can stand between digits.
    private static func plain(_ data: Data) -> [UInt8] {
        let bytes = [UInt8](data)
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x41...0x5A: plain.append(byte | 0x20)
            case 0x20, 0x28, 0x29, 0x2D: break
            case 0x5C:
                guard index + 5 <= bytes.count, bytes[index] == UInt8(ascii: "u"),
                    let value = UInt32(String(decoding: bytes[(index + 1)..<(index + 5)], as: UTF8.self), radix: 16)
                else { continue }
                index += 5
                append(value, to: &plain)
            case 0xC2 where index < bytes.count && bytes[index] == 0xA0: index += 1
            case 0xE2, 0xE3, 0xEF:
                guard index + 2 <= bytes.count else { continue }
                append(
                    UInt32(byte & 0x0F) << 12 | UInt32(bytes[index] & 0x3F) << 6 | UInt32(bytes[index + 1] & 0x3F),
                    to: &plain)
                index += 2
            default: plain.append(byte)
            }
        }
        return plain
    }

    private static func append(_ value: UInt32, to plain: inout [UInt8]) {
        switch value {
        case 0x20, 0x28, 0x29, 0x2D, 0xA0, 0x2000...0x2015, 0x202F, 0x2060, 0x3000, 0xFEFF: break
        case 0x41...0x5A: plain.append(UInt8(value) | 0x20)
        case 0..<0x80: plain.append(UInt8(value))
        case 0xFF01...0xFF5E: append(value - 0xFEE0, to: &plain)
        default: plain.append(0x80)
        }
    }
}
