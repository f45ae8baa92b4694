import EventJSON

// A value that may have one of several shapes.
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

    /// Says why the form that was probably meant does not fit: the one whose first violation lies deepest, and of those the one with the
    /// fewest.
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
