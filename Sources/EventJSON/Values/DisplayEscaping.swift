extension [UInt8] {
    /// The UTF-8 text, with every character escaped that a terminal would obey or that would reorder a line: U+0000 to
    /// U+001F except tab and line feed, U+007F to U+009F, U+2028 to U+202E, and U+2066 to U+2069.
    ///
    /// Each becomes its JSON escape, such as `\u001b`. In valid JSON these characters occur only within strings, so the
    /// result is JSON of the same value. The exception is a carriage return between JSON tokens; every carriage return
    /// becomes a space.
    package var escapedForDisplay: [UInt8] {
        guard let first = firstHiddenCharacter(from: 0) else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count + 64)
        var (kept, next) = (0, Optional(first))
        while let hidden = next {
            result += self[kept..<hidden.start]
            if hidden.value == 0x0D {
                result.append(0x20)
            } else {
                let digits = String(hidden.value, radix: 16)
                result += "\\u".utf8
                result += [UInt8](repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                result += digits.utf8
            }
            kept = hidden.end
            next = firstHiddenCharacter(from: kept)
        }
        result += self[kept...]
        return result
    }

    private func firstHiddenCharacter(from start: Int) -> (start: Int, end: Int, value: UInt16)? {
        for index in start..<count {
            switch self[index] {
            case 0x09, 0x0A, 0x20..<0x7F: continue
            case let byte where byte <= 0x7F: return (index, index + 1, UInt16(byte))
            case 0xC2 where index + 1 < count && self[index + 1] < 0xA0:
                return (index, index + 2, UInt16(self[index + 1]))
            case 0xE2 where index + 2 < count:
                let value = 0x2000 | UInt16(self[index + 1] & 0x3F) << 6 | UInt16(self[index + 2] & 0x3F)
                guard (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value) else { continue }
                return (index, index + 3, value)
            default: continue
            }
        }
        return nil
    }
}
