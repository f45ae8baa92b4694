/// The path of a file to write to, in which `{session}` and `{date}` stand for what they name.
package struct OutputPath: Sendable {
    package let template: String

    /// A path as it is written.
    package init(template: String) { self.template = template }

    /// Whether the path is the same for every session and day.
    package var isFixed: Bool { !namesSession && !template.contains("{date}") }

    /// Whether it is standard output or standard error.
    package var isStream: Bool { template == StandardStream.output || template == StandardStream.error }

    /// Whether every session has a path of its own.
    package var namesSession: Bool { template.contains("{session}") }

    /// Whether the text has braces that stand for nothing.
    package static func hasOddBraces(_ text: String) -> Bool {
        text.replacing("{session}", with: "").replacing("{date}", with: "").contains { $0 == "{" || $0 == "}" }
    }

    /// The path for a session.
    ///
    /// - Parameter now: the wall clock, in seconds since 1970; the day is that of UTC.
    package func path(session: String, now: Double) -> String {
        template.replacing("{date}", with: Timestamp(unix: now).description.prefix(10))
            .replacing("{session}", with: SafeFileName(session).description)
    }
}

/// The paths that stand for the process's own streams.
enum StandardStream {
    /// Standard output.
    static let output = "-"
    /// Standard error.
    static let error = "/dev/stderr"

    /// What people call the file at a path.
    static func name(of path: String) -> String {
        switch path {
        case output: "standard output"
        case error: "standard error"
        default: path
        }
    }
}

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
