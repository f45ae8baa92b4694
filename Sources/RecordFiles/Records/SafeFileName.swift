/// A file's name made of what somebody else chose, such as a session's key: it stays in its folder and is no hidden file.
///
/// Letters, digits, `-` and `_` of ASCII stand as they are, and so does a whole name of at most 64 of them. In any other name
/// they are what can still be read, and a hash of the name tells it from others: `call #2` is `call--2-` and 16 digits.
package struct SafeFileName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    package let description: String

    /// Makes a name.
    package init(_ text: String) {
        let isSafe = text.utf8.allSatisfy(Self.isSafe)
        if isSafe, (1...64).contains(text.utf8.count) {
            description = text
            return
        }
        let readable = text.unicodeScalars.prefix(40).map { scalar in
            UInt8(exactly: scalar.value).map(Self.isSafe) == true ? Character(scalar) : "-"
        }
        let digits = String(Self.hash(text), radix: 16)
        description = String(readable) + "-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// FNV-1a, which is the same in every run.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
