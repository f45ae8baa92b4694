public import EventJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What environment variables hold that nobody may write down: the values of those that options name as `${NAME}`, and of those that
/// commands inherit and may print.
///
/// `${NAME}` stands in the place of a value of 8 characters or more, and of each line of that length in it, as they are and as JSON
/// writes them. Values of `LANG`, `LC_*`, `TZ`, `PATH` and `HOME` are no secrets.
public struct SecretValues: Sendable {
    /// A variable that is set.
    private struct Variable: Hashable {
        var name: String
        var value: String
    }

    /// Fewer characters stand in many texts by chance.
    private static let shortest = 8
    /// Of a value that broke off at the end of a text, a beginning of fewer bytes stays.
    private static let shortestBeginning = 4

    private let variables: [Variable]
    /// What stands for each of the texts that are searched.
    private let marks: [[UInt8]]
    private let search: SecretSearch?
    /// The bytes of the longest text that is replaced; 0 when there are no values.
    public let longest: Int

    /// No values.
    public init() { self.init([]) }

    /// The values of variables.
    public init(_ variables: some Sequence<(name: String, value: String)>) {
        self.init(variables.map { Variable(name: $0.name, value: $0.value) })
    }

    /// The values that variables have in the environment of this process.
    public init(inherited names: [String]) {
        self.init(names.compactMap { name in getenv(name).map { (name: name, value: String(cString: $0)) } })
    }

    /// All values of several sets.
    public init(joining sets: some Sequence<SecretValues>) { self.init(sets.flatMap(\.variables)) }

    private init(_ variables: [Variable]) {
        var known: Set<Variable> = []
        self.variables = variables.filter {
            Self.isSecret($0.name) && $0.value.count >= Self.shortest && known.insert($0).inserted
        }
        var (texts, marks): ([[UInt8]], [[UInt8]]) = ([], [])
        var seen: Set<[UInt8]> = []
        for variable in self.variables {
            for text in Self.forms(of: variable.value) where seen.insert(text).inserted {
                texts.append(text)
                marks.append(Array("${\(variable.name)}".utf8))
            }
        }
        self.marks = marks
        longest = texts.lazy.map(\.count).max() ?? 0
        search = texts.isEmpty ? nil : SecretSearch(texts)
    }

    private static func isSecret(_ name: String) -> Bool {
        !["LANG", "TZ", "PATH", "HOME"].contains(name) && !name.hasPrefix("LC_")
    }

    /// The texts in which a value shows.
    private static func forms(of value: String) -> [[UInt8]] {
        let lines = value.split(whereSeparator: \.isNewline).map(String.init)
        // A program may well drop the line end of a value that came from a file.
        let texts = [value] + (lines.count > 1 || lines.first != value ? lines : [])
        return texts.filter { $0.count >= shortest }.flatMap { text in
            let escaped = [(false, false), (true, false), (false, true), (true, true)].map { slashes, marks in
                JSONEscape(slashes: slashes, beyondASCII: marks).text(text)
            }
            // JSON in a string of JSON.
            return ([text] + escaped + [JSONEscape().text(escaped[0])]).map { Array($0.utf8) }
        }
    }

    // MARK: - Replacing

    /// Whether there are no values.
    public var isEmpty: Bool { search == nil }

    /// A text without the values.
    public func hide(in text: String) -> String {
        guard let search else { return text }
        let bytes = Array(text.utf8)
        let matches = search.matches(in: bytes)
        return matches.isEmpty ? text : String(decoding: replaced(matches, in: bytes, from: 0), as: UTF8.self)
    }

    /// A value of JSON without the values, in keys too.
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

    /// Bytes without the values.
    ///
    /// - Parameters:
    ///   - bytes: the bytes.
    ///   - isCut: whether something may be missing at their end, so that a value's beginning there is replaced too.
    public func hide(in bytes: [UInt8], isCut: Bool = false) -> [UInt8] { hide(in: bytes, from: 0, isCut: isCut) }

    /// The last bytes of a text whose beginning may be missing, without the values. Where the beginning is missing they begin with a
    /// whole line, if there is one: of the rest of a line nobody can say what it is part of.
    ///
    /// - Parameters:
    ///   - limit: how many bytes.
    ///   - bytes: more than ``longest`` bytes more of the text, as far as there are: of a value that begins before them and ends among
    ///     the last ones, all has to be there.
    public func lastBytes(_ limit: Int, of bytes: [UInt8]) -> [UInt8] {
        var start = max(0, bytes.count - limit)
        if start > 0, let end = bytes[start...].dropLast().firstIndex(of: 0x0A) { start = end + 1 }
        return hide(in: bytes, from: start, isCut: true)
    }

    /// How many bytes at the end of a text may be the beginning of a value that goes on in what follows.
    public func unfinished(in bytes: [UInt8]) -> Int { search?.unfinished(in: bytes) ?? 0 }

    private func hide(in bytes: [UInt8], from start: Int, isCut: Bool) -> [UInt8] {
        guard let search else { return Array(bytes[start...]) }
        let matches = search.matches(in: bytes, beginning: isCut ? Self.shortestBeginning : nil)
        return replaced(matches, in: bytes, from: start)
    }

    /// The bytes from a place on; a match across that place counts.
    private func replaced(_ matches: [SecretSearch.Match], in bytes: [UInt8], from start: Int) -> [UInt8] {
        var result: [UInt8] = []
        var place = start
        for match in matches where match.range.upperBound > start {
            if place < match.range.lowerBound { result += bytes[place..<match.range.lowerBound] }
            result += marks[match.text]
            place = match.range.upperBound
        }
        return result + bytes[place...]
    }
}

/// How an encoder of JSON writes the characters of a string.
struct JSONEscape {
    /// Whether `/` is written as `\/`.
    var slashes = false
    /// Whether characters beyond ASCII are written as `\u` and four digits.
    var beyondASCII = false

    /// The text as it stands between the quotes.
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
