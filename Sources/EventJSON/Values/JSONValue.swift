#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Any JSON value, as a tree.
///
/// To read single fields of an event, use a ``FieldPlan``; use a tree for values without a fixed shape. Strings are
/// compared scalar by scalar, without Unicode normalisation; numbers by their spelling; objects regardless of the order
/// of their members.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, with its original spelling.
    case number(JSONNumber)
    /// A string, with its escapes decoded.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

extension JSONValue: Hashable {
    /// Whether both values are the same.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isSameText(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds the value to a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// The literal `null`.
    public init(nilLiteral: ()) {
        self = .null
    }

    /// The literal `true` or `false`.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// A whole number.
    public init(integerLiteral value: Int) {
        self = .number(JSONNumber(value))
    }

    /// A number in its shortest spelling.
    public init(floatLiteral value: Double) {
        self = .number(JSONNumber(value))
    }

    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// An object, its members in order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.lazy.map { (key: $0.0, value: $0.1) }))
    }
}

extension JSONValue {
    /// The value of a key of an object; nil if there is no such key or this is not an object.
    public subscript(_ key: String) -> JSONValue? {
        object?[key]
    }

    /// The element of an array, counted from 0; nil if there is no such element or this is not an array.
    public subscript(_ index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text, if this is a string; otherwise nil.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value, if this is a whole number that fits an `Int`, otherwise nil; `5.0` is 5.
    public var int: Int? {
        if case .number(let value) = self { value.int } else { nil }
    }

    /// The nearest double, if this is a number; nil otherwise, and for a number beyond the greatest finite double.
    public var double: Double? {
        if case .number(let value) = self { value.double } else { nil }
    }

    /// The value, if this is `true` or `false`; otherwise nil.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, if this is an array; otherwise nil.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, if this is an object; otherwise nil.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The kind of the value.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool(let value): value ? .true : .false
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

/// The members of a JSON object, in their original order.
///
/// JSON allows the same key twice. Both members are kept and written; a lookup returns the last one, as common decoders
/// do. A lookup is a linear search. That suits the few members of an event, but not a dictionary of thousands.
///
/// Two objects are equal if they have the same members in any order. Only the order of members with the same key
/// matters. Keys are compared scalar by scalar, without Unicode normalisation.
public struct JSONObject: Sendable {
    private var members: [Member]

    fileprivate struct Member: Sendable {
        var key: String
        var value: JSONValue
    }

    /// Creates an object without members.
    public init() {
        members = []
    }

    /// Creates an object of members, in their order.
    public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
        self.members = members.map { Member(key: $0.key, value: $0.value) }
    }

    /// The number of members. Members with the same key count separately.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys, in order. A repeated key is listed each time.
    public var keys: [String] { members.map(\.key) }

    /// The value of the last member with a key, or nil.
    ///
    /// Setting a value replaces it in that member and removes earlier members with the key. If there is no such member,
    /// setting appends one. Setting nil removes all members with the key.
    public subscript(key: String) -> JSONValue? {
        get { members.last { $0.key.isSameText(as: key) }?.value }
        set {
            let last = members.lastIndex { $0.key.isSameText(as: key) }
            guard let value = newValue else {
                if last != nil { members.removeAll { $0.key.isSameText(as: key) } }
                return
            }
            guard let last else { return append(key, value) }
            members[last].value = value
            let earlier = members[..<last]
            if earlier.contains(where: { $0.key.isSameText(as: key) }) {
                members.replaceSubrange(..<last, with: earlier.filter { !$0.key.isSameText(as: key) })
            }
        }
    }

    /// Appends a member, even if there is one with that key.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    /// Reserves capacity for `count` members.
    public mutating func reserveCapacity(_ count: Int) {
        members.reserveCapacity(count)
    }
}

extension JSONObject: Sequence {
    /// Walks the members in order.
    public struct Iterator: IteratorProtocol, Sendable {
        private var members: IndexingIterator<[Member]>

        fileprivate init(_ members: [Member]) {
            self.members = members.makeIterator()
        }

        /// The next member.
        public mutating func next() -> (key: String, value: JSONValue)? {
            members.next().map { ($0.key, $0.value) }
        }
    }

    /// Walks the members in order.
    public func makeIterator() -> Iterator {
        Iterator(members)
    }

    /// How many members there are.
    public var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object of members, in their order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        // The values are compared only once. Comparing them twice at every level of nesting would take exponential
        // time.
        let isSameOrder = zip(left.members, right.members).allSatisfy { $0.key.isSameText(as: $1.key) }
        guard isSameOrder else { return left.valuesByKey == right.valuesByKey }
        return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
    }

    /// Feeds the members to a hasher, regardless of their order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(member.key)
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }

    private var valuesByKey: [ExactText: [JSONValue]] {
        Dictionary(grouping: members) { ExactText(text: $0.key) }.mapValues { $0.map(\.value) }
    }
}

extension String {
    /// Whether both strings have the same scalars. `==` would treat `é` and `e` with a combining accent as equal.
    func isSameText(as other: String) -> Bool {
        // Most compared strings differ in length.
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { text in
            other.utf8.withContiguousStorageIfAvailable { other in
                text.isEmpty || memcmp(text.baseAddress!, other.baseAddress!, text.count) == 0
            }
        }
        return isSame.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }
}

/// A string that equals another only if both have the same scalars.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isSameText(as: right.text)
    }

    // Strings with the same scalars are also canonically equivalent, so `String`'s hash agrees with `==`.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
