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

extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON.
    public var description: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes the value at the writer's place.
    public func write(into writer: inout JSONWriter) {
        writer.value(self)
    }
}
