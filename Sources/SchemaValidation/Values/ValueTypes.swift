import EventJSON

/// A set of the types that `type` lists.
struct ValueTypes: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let null = ValueTypes(rawValue: 1 << 0)
    static let boolean = ValueTypes(rawValue: 1 << 1)
    static let integer = ValueTypes(rawValue: 1 << 2)
    static let number = ValueTypes(rawValue: 1 << 3)
    static let string = ValueTypes(rawValue: 1 << 4)
    static let array = ValueTypes(rawValue: 1 << 5)
    static let object = ValueTypes(rawValue: 1 << 6)

    /// The names of the types, and their descriptions for messages.
    static let named: [(name: String, type: ValueTypes, words: String)] = [
        ("null", .null, "null"), ("boolean", .boolean, "true or false"), ("integer", .integer, "a whole number"),
        ("number", .number, "a number"), ("string", .string, "a string"), ("array", .array, "an array"),
        ("object", .object, "an object"),
    ]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The type with a name; nil if there is none.
    init?(name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.type
    }

    /// Whether a value has one of the types. `5.0` is an integer.
    func includeType(of value: JSONValue) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .number(let number): contains(.number) || contains(.integer) && SchemaNumber(number).isWhole
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }

    /// The types for a message: "a string or null".
    var inWords: String {
        Self.named.filter { contains($0.type) }.map(\.words).sorted { $1 == "null" && $0 != "null" }
            .joined(separator: " or ")
    }
}
