import Foundation
import RealtimeRouter

/// What the doc comments in `Sources/RealtimeEvents` say about the fields of the protocol.
///
/// The comments are read from the source text, type by type, so that the reference and the API documentation have the same sentences.
struct DocumentedTypes {
    /// A property that is coded as a field.
    struct Field {
        /// The property's Swift type, without the question mark.
        let type: String
        /// The doc comment, on one line.
        let comment: String
    }

    /// A value of a string type that the protocol names.
    struct Value {
        let text: String
        let comment: String
    }

    /// The fields by the name of their type and by their name on the wire.
    private(set) var fields: [String: [String: Field]] = [:]
    /// The named values by the name of their type.
    private(set) var values: [String: [Value]] = [:]
    /// The doc comments of the types: the first paragraph, on one line.
    private(set) var summaries: [String: String] = [:]

    /// The types of derived events by the Swift types of their payloads.
    private let eventTypes = Dictionary(
        EventReference.types.filter(\.isDerived).map { (String(describing: $0.payloadTypes[0]), $0.name) }
    ) { first, _ in first }

    private var properties: [String: [String: Field]] = [:]
    private var wireNames: [String: [String: String]] = [:]

    /// Reads all Swift files in a folder and its subfolders.
    init(folder: String) throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        for path in paths.sorted() {
            read(try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8))
        }
        for (type, names) in wireNames {
            for (name, property) in names { fields[type, default: [:]][name] = properties[type]?[property] }
        }
        for type in properties.keys { addHead(of: type) }
    }

    /// The name of a type's property on the wire; nil if there is none.
    func wireName(of property: String, in type: String) -> String? {
        wireNames[type]?.first { $0.value == property }?.key
            ?? properties[type]?["head"].flatMap { wireName(of: property, in: $0.type) }
    }

    /// What a type says about the head of its events.
    func headComment(of type: String) -> String? { properties[type]?["head"]?.comment }

    private mutating func read(_ text: String) {
        var comment: [String] = []
        var type = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let code = line.drop { $0 == " " }
            if code.hasPrefix("///") {
                comment.append(code.dropFirst(3).trimmingCharacters(in: .whitespaces))
                continue
            }
            if let match = line.wholeMatch(of: /(?:public )?(?:indirect )?(?:struct|enum|extension) (\w+).*\{/) {
                type = String(match.1)
                if line.hasPrefix("public struct") { summaries[type] = Self.firstParagraph(comment) }
            } else if let match = code.wholeMatch(of: /public (?:var|let) (\w+): (.+)\?/) {
                properties[type, default: [:]][String(match.1)] = Field(
                    type: String(match.2), comment: Self.firstParagraph(comment))
            } else if let match = code.wholeMatch(of: /public var (\w+) = (\w+)\(\)/) {
                properties[type, default: [:]][String(match.1)] = Field(
                    type: String(match.2), comment: Self.firstParagraph(comment))
            } else if let match = code.wholeMatch(of: /public static let \w+: (\w+) = "(.+)"/), match.1 == type {
                values[type, default: []].append(Value(text: String(match.2), comment: Self.firstParagraph(comment)))
            } else if let match = code.firstMatch(of: /coder\.field\("(\w+)", &(\w+)(?:, of: (\w+)\.self)?\)/) {
                wireNames[type, default: [:]][String(match.1)] = String(match.2)
                if let strings = match.3, let field = properties[type]?[String(match.2)] {
                    properties[type]?[String(match.2)] = Field(type: String(strings), comment: field.comment)
                }
            }
            comment = []
        }
    }

    /// Adds the fields that a type codes with its head.
    private mutating func addHead(of type: String) {
        guard let head = properties[type]?["head"]?.type else { return }
        for (name, property) in wireNames[head] ?? [:] {
            fields[type, default: [:]][name] = properties[head]?[property]
        }
    }

    private static func firstParagraph(_ comment: [String]) -> String {
        comment.prefix { !$0.isEmpty && !$0.hasPrefix("- ") }.joined(separator: " ")
    }
}

extension DocumentedTypes {
    /// A comment as a reader of JSON needs it: Swift's nil is a field that is absent, and symbols are fields or objects.
    func prose(_ comment: String, in type: String) -> String {
        var text = comment
        while let match = text.firstMatch(of: /``(?:(\w+)\/)?(\w+)``/) {
            let property = String(match.2)
            let owner = match.1.map(String.init) ?? type
            let name = "`\(wireName(of: property, in: owner) ?? property)`"
            let event = owner == type ? nil : eventTypes[owner].map { " of `\($0)`" }
            text.replaceSubrange(match.range, with: name + (event ?? ""))
        }
        text.replace(/\bnil\b/, with: "absent")
        return text
    }
}
