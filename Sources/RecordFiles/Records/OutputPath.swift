/// The path of an output file, in which `{session}` and `{date}` are placeholders.
package struct OutputPath: Sendable {
    package let template: String

    /// Creates a path from its configured form.
    package init(template: String) { self.template = template }

    /// Whether the path is the same for every session and day.
    package var isFixed: Bool { !namesSession && !template.contains("{date}") }

    /// Whether the path is standard output or standard error.
    package var isStream: Bool { template == StandardStream.output || template == StandardStream.error }

    /// Whether every session has a separate path.
    package var namesSession: Bool { template.contains("{session}") }

    /// Whether the text has braces other than the placeholders.
    package static func hasOddBraces(_ text: String) -> Bool {
        text.replacing("{session}", with: "").replacing("{date}", with: "").contains { $0 == "{" || $0 == "}" }
    }

    /// The path for a session.
    ///
    /// - Parameter now: The wall clock time in seconds since 1970; it determines the date, in UTC.
    package func path(session: String, now: Double) -> String {
        template.replacing("{date}", with: Timestamp(unix: now).description.prefix(10))
            .replacing("{session}", with: SafeFileName(session).description)
    }
}

/// The paths of the process's standard streams.
enum StandardStream {
    /// Standard output.
    static let output = "-"
    /// Standard error.
    static let error = "/dev/stderr"

    /// The name of the file or stream for messages.
    static func name(of path: String) -> String {
        switch path {
        case output: "standard output"
        case error: "standard error"
        default: path
        }
    }
}

/// A file name from untrusted text, such as a session's key. The name contains no path separator and is not a hidden
/// file.
///
/// A name of at most 64 ASCII letters, digits, `-` and `_` is used unchanged. Any other name becomes its readable
/// characters and a hash that makes it distinct: `call #2` becomes `call--2-` and 16 digits.
package struct SafeFileName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    package let description: String

    /// Creates a name.
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

    /// The FNV-1a hash, which is the same in every run, unlike Swift's hashes.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
