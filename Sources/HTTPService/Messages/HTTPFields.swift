import NIOHTTP1

/// Header fields in their order. Names are compared without regard to case.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name as it was written.
        public let name: String
        /// The value, without the blanks around it.
        public let value: String
    }

    /// All fields.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// The fields of a literal such as `["Content-Type": "text/plain"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    init(_ pairs: some Sequence<(name: String, value: String)>) {
        fields = pairs.map { Field(name: $0, value: Self.trimmed($1)) }
    }

    /// The values of NIO's fields of a name, without the blanks behind them, which the decoder leaves.
    static func values(_ headers: HTTPHeaders, _ name: String) -> [String] { headers[name].map(trimmed) }

    private static func trimmed(_ value: String) -> String {
        let blanks = value.utf8.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        return String(value.utf8.dropLast(blanks)) ?? value
    }

    /// The value of the first field of that name; nil where there is none.
    public subscript(_ name: String) -> String? { fields.first { Self.areEqual($0.name, name) }?.value }

    /// The values of all fields of that name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    /// Adds a field after the others.
    public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
