#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Any JSON value, as a tree.
///
/// For one field of an event use a ``FieldPlan``; a tree is for what has no fixed shape. Strings are compared scalar by
/// scalar, without Unicode normalisation; numbers by their spelling; objects regardless of the order of their members.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, as it was spelled.
    case number(JSONNumber)
    /// A string, its escapes undone.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

extension JSONValue: Hashable {
    /// Whether both are the same value.
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
    /// The value under a key of an object; nil when there is none, or this is no object.
    public subscript(_ key: String) -> JSONValue? {
        object?[key]
    }

    /// The element of an array, counted from 0; nil when there is none, or this is no array.
    public subscript(_ index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text, when this is a string.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value, when this is a whole number that fits; `5.0` is 5.
    public var int: Int? {
        if case .number(let value) = self { value.int } else { nil }
    }

    /// The nearest double, when this is a number.
    public var double: Double? {
        if case .number(let value) = self { value.double } else { nil }
    }

    /// The value, when this is `true` or `false`.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, when this is an array.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, when this is an object.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// What the value is.
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

/// The members of a JSON object, in the order in which they came.
///
/// JSON allows a key twice. Both members are kept and written; looking the key up finds the last one, as every decoder does.
/// Looking up walks the members: right for the handful that an event has, not for a dictionary of thousands.
///
/// Two objects are equal when they have the same members, in whatever order; only among members with the same key does order
/// count. Keys are compared scalar by scalar, without Unicode normalisation.
public struct JSONObject: Sendable {
    private var members: [Member]

    fileprivate struct Member: Sendable {
        var key: String
        var value: JSONValue
    }

    /// Makes an object without members.
    public init() {
        members = []
    }

    /// Makes an object of members, in their order.
    public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
        self.members = members.map { Member(key: $0.key, value: $0.value) }
    }

    /// How many members there are, members with the same key counted apart.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys, in order; a key that came twice stands there twice.
    public var keys: [String] { members.map(\.key) }

    /// The value of the last member with a key, or nil.
    ///
    /// Setting replaces that value where it stands and drops earlier members with the key, or adds a member at the end;
    /// setting nil removes all of them.
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

    /// Adds a member at the end, whether or not there is one with that key.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    /// Makes room for `count` members.
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
    /// Makes an object of members, in their order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        // Values are compared once: twice in each of the objects that lie in one another would take for ever.
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
    /// Whether both have the same scalars; `==` would also take `é` for `e` with an accent behind it.
    func isSameText(as other: String) -> Bool {
        // Most texts that are compared differ in their length already.
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { text in
            other.utf8.withContiguousStorageIfAvailable { other in
                text.isEmpty || memcmp(text.baseAddress!, other.baseAddress!, text.count) == 0
            }
        }
        return isSame.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }
}

/// A string that is equal to another only when it has the same scalars.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isSameText(as: right.text)
    }

    // What is the same text is also canonically equivalent, so the string's own hash agrees with `==`.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
