import EventJSON

/// A JSON value with the equality of JSON Schema: numbers by value however they are spelled, strings by their code points, objects by
/// their members in any order.
struct SchemaValue: Sendable, Hashable {
    let value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
    }

    static func == (left: SchemaValue, right: SchemaValue) -> Bool {
        switch (left.value, right.value) {
        case (.number(let left), .number(let right)):
            left == right || SchemaNumber(left) == SchemaNumber(right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { SchemaValue($0) == SchemaValue($1) }
        case (.object(let left), .object(let right)): members(left) == members(right)
        default: left.value == right.value
        }
    }

    func hash(into hasher: inout Hasher) {
        switch value {
        case .number(let number): hasher.combine(SchemaNumber(number))
        case .array(let elements): hasher.combine(elements.map(SchemaValue.init))
        case .object(let members): hasher.combine(Self.members(members))
        default: hasher.combine(value)
        }
    }

    private static func members(_ object: JSONObject) -> [MemberName: SchemaValue] {
        Dictionary(object.map { (MemberName($0.key), SchemaValue($0.value)) }) { _, last in last }
    }
}

/// The name of a member of an object, equal to another only when it has the same code points.
struct MemberName: Sendable, Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: MemberName, right: MemberName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    // What has the same code points is canonically equivalent too, so the string's own hash agrees with `==`.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
