import EventJSON
import LinearExpressions

/// One schema among those that a document holds, as the constraints that it puts on a value.
struct SchemaNode: Sendable {
    /// Its place among the nodes of the document.
    typealias Index = Int

    var constraints: [Constraint] = []

    /// What a value has to fulfil. Constraints on one type say nothing about values of another.
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

    /// The nodes that judge the same value, not a part of it.
    var inPlace: [Index] {
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

/// What a number has to fulfil.
struct NumberBounds: Sendable {
    /// A number with the spelling that messages show.
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

/// What a string has to fulfil; lengths in code points.
struct TextBounds: Sendable {
    var least: Int?
    var most: Int?
    var pattern: (expression: SearchExpression, text: String)?

    var isEmpty: Bool { least == nil && most == nil && pattern == nil }
}

/// What an array has to fulfil.
struct ArrayBounds: Sendable {
    var least: Int?
    var most: Int?
    var isUnique = false
    /// The schemas of the first elements.
    var prefix: [SchemaNode.Index] = []
    /// The schema of the elements behind those.
    var rest: SchemaNode.Index?
    var contained: (node: SchemaNode.Index, least: Int, most: Int?)?

    var isEmpty: Bool {
        least == nil && most == nil && !isUnique && prefix.isEmpty && rest == nil && contained == nil
    }
}

/// What an object has to fulfil.
struct ObjectBounds: Sendable {
    var least: Int?
    var most: Int?
    var required: [String] = []
    /// The names of `properties`, in order.
    var names: [String] = []
    var properties: [MemberName: SchemaNode.Index] = [:]
    var patterns: [(expression: SearchExpression, node: SchemaNode.Index)] = []
    /// The schema of members that neither list names.
    var others: SchemaNode.Index?
    var memberNames: SchemaNode.Index?
    var dependentRequired: [(name: String, needed: [String])] = []
    var dependentSchemas: [(name: String, node: SchemaNode.Index)] = []

    var isEmpty: Bool {
        least == nil && most == nil && required.isEmpty && properties.isEmpty && patterns.isEmpty && others == nil
            && memberNames == nil && dependentRequired.isEmpty && dependentSchemas.isEmpty
    }
}
