import EventJSON
import LinearExpressions

/// One schema of a document, as the constraints that it puts on a value.
struct SchemaNode: Sendable {
    /// The index among the nodes of the document.
    typealias Index = Int

    var constraints: [Constraint] = []

    /// A constraint on a value. A constraint on one type accepts values of other types.
    enum Constraint: Sendable {
        case never
        case types(ValueTypes)
        case values([SchemaValue])
        case number(NumberBounds)
        case text(TextBounds)
        case array(ArrayBounds)
        case object(ObjectBounds)
        case all([Index])
        case any([Index])
        case one([Index])
        case not(Index)
        case condition(Index, then: Index?, otherwise: Index?)
        case reference(Index)
    }

    /// The nodes that apply to the same value, not to a part of it.
    var nodesForSameValue: [Index] {
        constraints.flatMap { constraint -> [Index] in
            switch constraint {
            case .all(let nodes), .any(let nodes), .one(let nodes): nodes
            case .not(let node), .reference(let node): [node]
            case .condition(let test, let then, let otherwise): [test, then, otherwise].compactMap { $0 }
            case .object(let bounds): bounds.dependentSchemas.map(\.node)
            default: []
            }
        }
    }
}

/// The constraints on a number.
struct NumberBounds: Sendable {
    /// A bound with its original spelling, which messages show.
    struct Bound: Sendable {
        let number: JSONNumber
        let value: SchemaNumber

        init(_ number: JSONNumber) {
            self.number = number
            value = SchemaNumber(number)
        }
    }

    var minimum: Bound?
    var maximum: Bound?
    var above: Bound?
    var below: Bound?
    var multipleOf: Bound?

    var isEmpty: Bool { [minimum, maximum, above, below, multipleOf].allSatisfy { $0 == nil } }
}

/// The constraints on a string. Lengths are in code points.
struct TextBounds: Sendable {
    var minCount: Int?
    var maxCount: Int?
    var pattern: (expression: SearchExpression, text: String)?

    var isEmpty: Bool { minCount == nil && maxCount == nil && pattern == nil }
}

/// The constraints on an array.
struct ArrayBounds: Sendable {
    var minCount: Int?
    var maxCount: Int?
    var isUnique = false
    /// The schemas of the first elements.
    var prefix: [SchemaNode.Index] = []
    /// The schema of the elements after those.
    var remaining: SchemaNode.Index?
    var contained: (node: SchemaNode.Index, minCount: Int, maxCount: Int?)?

    var isEmpty: Bool {
        minCount == nil && maxCount == nil && !isUnique && prefix.isEmpty && remaining == nil && contained == nil
    }
}

/// The constraints on an object.
struct ObjectBounds: Sendable {
    var minCount: Int?
    var maxCount: Int?
    var required: [String] = []
    /// The names of `properties`, in order.
    var names: [String] = []
    var properties: [MemberName: SchemaNode.Index] = [:]
    var patterns: [(expression: SearchExpression, node: SchemaNode.Index)] = []
    /// The schema of members that match neither `properties` nor `patternProperties`.
    var additional: SchemaNode.Index?
    var propertyNames: SchemaNode.Index?
    var dependentRequired: [(name: String, needed: [String])] = []
    var dependentSchemas: [(name: String, node: SchemaNode.Index)] = []

    var isEmpty: Bool {
        minCount == nil && maxCount == nil && required.isEmpty && properties.isEmpty && patterns.isEmpty
            && additional == nil
            && propertyNames == nil && dependentRequired.isEmpty && dependentSchemas.isEmpty
    }
}
