import EventJSON
import LinearExpressions

/// Validates one value against the nodes of a schema, and collects violations.
struct SchemaCheck {
    let nodes: [SchemaNode]
    /// The greatest number of violations to collect. With 0, only the result matters, and the first violation ends the
    /// check.
    let limit: Int
    private(set) var violations: [SchemaViolation] = []
    /// The path of the value that is being checked.
    var path: [SchemaPathStep] = []

    init(nodes: [SchemaNode], limit: Int) {
        self.nodes = nodes
        self.limit = limit
    }

    /// The deepest nesting of checked values. The limit ends recursion before the stack overflows.
    static let depthLimit = 128

    /// The number of nodes that may still be checked. In a schema that refers back to itself in several ways, the work
    /// can grow exponentially with a value's depth.
    private var budget = 500_000

    /// The reason why the check was given up; nil if it was not. If it is set, the value is invalid, even if `not`
    /// inverts a result on the way.
    private(set) var failure: SchemaViolation?

    /// Whether a value is valid for a node.
    mutating func check(_ value: JSONValue, against index: SchemaNode.Index) -> Bool {
        budget -= 1
        guard budget > 0, path.count <= Self.depthLimit, failure == nil else {
            let reason =
                budget > 0 ? "is nested more than \(Self.depthLimit) levels deep" : "takes too long to check"
            failure = failure ?? SchemaViolation(path: budget > 0 ? path : [], message: reason)
            return false
        }
        var fits = true
        for constraint in nodes[index].constraints where !check(value, constraint) {
            fits = false
            if isDecided { return false }
        }
        return fits
    }

    /// Whether the check can end, because no further violation would be collected.
    var isDecided: Bool { violations.count >= limit || failure != nil }

    /// Collects a violation at the current path; always returns false.
    mutating func violation(_ message: @autoclosure () -> String, of rule: SchemaViolation.Rule = .other) -> Bool {
        if violations.count < limit { violations.append(SchemaViolation(path: path, message: message(), rule: rule)) }
        return false
    }

    /// Appends violations that were collected separately, up to the limit.
    mutating func append(_ others: [SchemaViolation]) {
        violations += others.prefix(max(0, limit - violations.count))
    }

    /// Checks a part of the value.
    mutating func check(_ value: JSONValue, at step: SchemaPathStep, against index: SchemaNode.Index) -> Bool {
        path.append(step)
        defer { path.removeLast() }
        return check(value, against: index)
    }

    private mutating func check(_ value: JSONValue, _ constraint: SchemaNode.Constraint) -> Bool {
        switch (constraint, value) {
        case (.never, _): return violation("is not allowed")
        case (.types(let types), _):
            return types.includeType(of: value)
                || violation("must be \(types.inWords), and is \(value.kindInWords)", of: .type)
        case (.values(let values), _): return check(value, among: values)
        case (.number(let bounds), .number(let number)): return check(number, bounds)
        case (.text(let bounds), .string(let text)): return check(text, bounds)
        case (.array(let bounds), .array(let elements)): return check(elements, bounds)
        case (.object(let bounds), .object(let members)): return check(members, bounds)
        case (.number, _), (.text, _), (.array, _), (.object, _): return true
        case (.all(let nodes), _): return nodes.reduce(true) { fits, node in check(value, against: node) && fits }
        case (.any(let nodes), _): return check(value, fitsAny: nodes)
        case (.one(let nodes), _): return check(value, fitsOne: nodes)
        case (.not(let node), _): return !fits(value, node) || violation("must not match the schema under `not`")
        case (.reference(let node), _): return check(value, against: node)
        case (.condition(let test, let then, let otherwise), _):
            guard let next = fits(value, test) ? then : otherwise else { return true }
            return check(value, against: next)
        }
    }

    /// Whether a value is valid for a node, without collecting violations.
    mutating func fits(_ value: JSONValue, _ node: SchemaNode.Index) -> Bool {
        attempt(value, node, limit: 0) == nil
    }

    /// Checks a value separately: its violations are returned, not collected. Returns nil if the value is valid.
    mutating func attempt(_ value: JSONValue, _ node: SchemaNode.Index, limit: Int) -> [SchemaViolation]? {
        var other = SchemaCheck(nodes: nodes, limit: limit)
        (other.path, other.budget) = (path, budget)
        let fits = other.check(value, against: node)
        (budget, failure) = (other.budget, failure ?? other.failure)
        return fits ? nil : other.violations
    }

    private mutating func check(_ value: JSONValue, among values: [SchemaValue]) -> Bool {
        if values.contains(SchemaValue(value)) { return true }
        let known = values.prefix(10).map(\.value.inFull).joined(separator: ", ") + (values.count > 10 ? ", …" : "")
        return violation("must be \(values.count > 1 ? "one of \(known)" : known), and is \(value.inWords)", of: .value)
    }
}

// `anyOf` and `oneOf`.
extension SchemaCheck {
    mutating func check(_ value: JSONValue, fitsAny choices: [SchemaNode.Index]) -> Bool {
        for choice in choices where fits(value, choice) { return true }
        return reportNearest(value, choices)
    }

    mutating func check(_ value: JSONValue, fitsOne choices: [SchemaNode.Index]) -> Bool {
        let fitting = choices.indices.filter { fits(value, choices[$0]) }
        switch fitting.count {
        case 0: return reportNearest(value, choices)
        case 1: return true
        default:
            return violation(
                "must fit only one of the \(choices.count) forms that it may have, and fits number \(fitting[0] + 1) and \(fitting[1] + 1)"
            )
        }
    }

    /// Collects the violations of the alternative that was probably meant: the one whose first violation is deepest,
    /// and of those the one with the fewest violations.
    private mutating func reportNearest(_ value: JSONValue, _ choices: [SchemaNode.Index]) -> Bool {
        guard limit > 0, !isDecided else { return false }
        let attempts = choices.map { attempt(value, $0, limit: limit) ?? [] }
        let nearest = attempts.enumerated().min { left, right in
            let (deep, other) = (left.element.first?.path.count ?? 0, right.element.first?.path.count ?? 0)
            return (-deep, left.element.count) < (-other, right.element.count)
        }
        if choices.count > 1 {
            _ = violation(
                "fits none of the \(choices.count) forms that it may have; nearest is number \((nearest?.offset ?? 0) + 1)"
            )
        }
        append(nearest?.element ?? [])
        return false
    }
}

// Constraints on numbers and strings.
extension SchemaCheck {
    mutating func check(_ number: JSONNumber, _ bounds: NumberBounds) -> Bool {
        let value = SchemaNumber(number)
        var fits = true
        func seen() -> String { JSONValue.number(number).inWords }
        if let bound = bounds.minimum, value < bound.value {
            fits = violation("must be at least \(bound.number), and is \(seen())")
        }
        if let bound = bounds.above, value <= bound.value {
            fits = violation("must be above \(bound.number), and is \(seen())")
        }
        if let bound = bounds.maximum, value > bound.value {
            fits = violation("must be at most \(bound.number), and is \(seen())")
        }
        if let bound = bounds.below, value >= bound.value {
            fits = violation("must be below \(bound.number), and is \(seen())")
        }
        if let bound = bounds.multipleOf, !value.isMultiple(of: bound.value) {
            fits = violation("must be a multiple of \(bound.number), and is \(seen())")
        }
        return fits
    }

    mutating func check(_ text: String, _ bounds: TextBounds) -> Bool {
        var fits = true
        if bounds.minCount != nil || bounds.maxCount != nil {
            let length = text.unicodeScalars.count
            if let least = bounds.minCount, length < least {
                fits = violation("must have at least \(counted(least, "character")), and has \(length)")
            }
            if let most = bounds.maxCount, length > most {
                fits = violation("must have at most \(counted(most, "character")), and has \(length)")
            }
        }
        if let pattern = bounds.pattern, !pattern.expression.isFound(in: text) {
            fits = violation("must match the pattern \(quoted(pattern.text)), and is \(quoted(text))")
        }
        return fits
    }
}
