public import EventJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The secret values of environment variables: those that options name as `${NAME}`, and those that commands inherit
/// and may print.
///
/// `${NAME}` replaces a value of 8 characters or more, and each line of a value of that length, both in their original
/// form and in JSON's escaped forms. Values of `LANG`, `LC_*`, `TZ`, `PATH` and `HOME` are not secrets.
public struct SecretValues: Sendable {
    /// A variable that is set.
    private struct Variable: Hashable {
        var name: String
        var value: String
    }

    /// The shortest secret, in characters. Shorter values would match unrelated text.
    private static let shortest = 8
    /// The shortest prefix of a value, in bytes, that is replaced at a truncated end of a text.
    private static let shortestBeginning = 4

    private let variables: [Variable]
    /// The placeholder for each of the searched texts.
    private let placeholders: [[UInt8]]
    private let search: SecretSearch?
    /// The length of the longest replaced text in bytes; 0 if there are no values.
    public let longest: Int

    /// Creates a set without values.
    public init() { self.init([]) }

    /// Creates a set from names and values.
    public init(_ variables: some Sequence<(name: String, value: String)>) {
        self.init(variables.map { Variable(name: $0.name, value: $0.value) })
    }

    /// Creates a set from variables of this process's environment.
    public init(inherited names: [String]) {
        self.init(names.compactMap { name in getenv(name).map { (name: name, value: String(cString: $0)) } })
    }

    /// Creates the union of several sets.
    public init(joining sets: some Sequence<SecretValues>) { self.init(sets.flatMap(\.variables)) }

    private init(_ variables: [Variable]) {
        var known: Set<Variable> = []
        self.variables = variables.filter {
            Self.isSecret($0.name) && $0.value.count >= Self.shortest && known.insert($0).inserted
        }
        var (texts, placeholders): ([[UInt8]], [[UInt8]]) = ([], [])
        var seen: Set<[UInt8]> = []
        for variable in self.variables {
            for text in Self.forms(of: variable.value) where seen.insert(text).inserted {
                texts.append(text)
                placeholders.append(Array("${\(variable.name)}".utf8))
            }
        }
        self.placeholders = placeholders
        longest = texts.lazy.map(\.count).max() ?? 0
        search = texts.isEmpty ? nil : SecretSearch(texts)
    }

    private static func isSecret(_ name: String) -> Bool {
        !["LANG", "TZ", "PATH", "HOME"].contains(name) && !name.hasPrefix("LC_")
    }

    /// The forms in which a value may appear in text.
    private static func forms(of value: String) -> [[UInt8]] {
        let lines = value.split(whereSeparator: \.isNewline).map(String.init)
        // A program may drop the line end of a value that came from a file.
        let texts = [value] + (lines.count > 1 || lines.first != value ? lines : [])
        return texts.filter { $0.count >= shortest }.flatMap { text in
            let escaped = [(false, false), (true, false), (false, true), (true, true)].map { slashes, beyondASCII in
                JSONEscape(slashes: slashes, beyondASCII: beyondASCII).text(text)
            }
            // The last form is JSON within a JSON string.
            return ([text] + escaped + [JSONEscape().text(escaped[0])]).map { Array($0.utf8) }
        }
    }

    // MARK: - Replacing

    /// Whether there are no values.
    public var isEmpty: Bool { search == nil }

    /// A text with the values replaced.
    public func hide(in text: String) -> String {
        guard let search else { return text }
        let bytes = Array(text.utf8)
        let matches = search.matches(in: bytes)
        return matches.isEmpty ? text : String(decoding: replaced(matches, in: bytes, from: 0), as: UTF8.self)
    }

    /// A JSON value with the values replaced, also in keys.
    public func hide(in value: JSONValue) -> JSONValue {
        guard !isEmpty else { return value }
        switch value {
        case .string(let text): return .string(hide(in: text))
        case .array(let elements): return .array(elements.map { hide(in: $0) })
        case .object(let object):
            return .object(JSONObject(object.map { (key: hide(in: $0.key), value: hide(in: $0.value)) }))
        case .number(let number):
            let (text, hidden) = (number.description, hide(in: number.description))
            return text == hidden ? value : .string(hidden)
        default: return value
        }
    }

    /// Bytes with the values replaced.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - isCut: Whether the bytes may be truncated at the end. If so, a prefix of a value at the end is replaced too.
    public func hide(in bytes: [UInt8], isCut: Bool = false) -> [UInt8] { hide(in: bytes, from: 0, isCut: isCut) }

    /// The last bytes of a text, with the values replaced. If the text's beginning is truncated, the result starts with
    /// a whole line, if there is one, because a partial line may contain the rest of a secret.
    ///
    /// - Parameters:
    ///   - limit: The greatest number of bytes to return.
    ///   - bytes: The end of the text, with more than ``longest`` bytes before the last `limit`, if there are as many.
    ///     A value that begins before the returned bytes and ends within them must be included whole.
    public func lastBytes(_ limit: Int, of bytes: [UInt8]) -> [UInt8] {
        var start = max(0, bytes.count - limit)
        if start > 0, let end = bytes[start...].dropLast().firstIndex(of: 0x0A) { start = end + 1 }
        return hide(in: bytes, from: start, isCut: true)
    }

    /// The number of bytes at the end of a text that may be the beginning of a value that continues in the next bytes.
    public func unfinished(in bytes: [UInt8]) -> Int { search?.unfinished(in: bytes) ?? 0 }

    private func hide(in bytes: [UInt8], from start: Int, isCut: Bool) -> [UInt8] {
        guard let search else { return Array(bytes[start...]) }
        let matches = search.matches(in: bytes, beginning: isCut ? Self.shortestBeginning : nil)
        return replaced(matches, in: bytes, from: start)
    }

    /// The bytes from `start` on, with matches replaced, including a match across `start`.
    private func replaced(_ matches: [SecretSearch.Match], in bytes: [UInt8], from start: Int) -> [UInt8] {
        var result: [UInt8] = []
        var place = start
        for match in matches where match.range.upperBound > start {
            if place < match.range.lowerBound { result += bytes[place..<match.range.lowerBound] }
            result += placeholders[match.text]
            place = match.range.upperBound
        }
        return result + bytes[place...]
    }
}

/// Escapes strings as different JSON encoders do.
struct JSONEscape {
    /// Whether `/` is written as `\/`.
    var slashes = false
    /// Whether characters beyond ASCII are written as `\u` and four digits.
    var beyondASCII = false

    /// The escaped text, without quotes.
    func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "/" where slashes: result += "\\/"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case _ where scalar.value < 0x20 || (beyondASCII && !scalar.isASCII):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
