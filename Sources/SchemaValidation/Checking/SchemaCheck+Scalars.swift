import EventJSON
import LinearExpressions

// Numbers and strings.
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
        if bounds.least != nil || bounds.most != nil {
            let length = text.unicodeScalars.count
            if let least = bounds.least, length < least {
                fits = violation("must have at least \(counted(least, "character")), and has \(length)")
            }
            if let most = bounds.most, length > most {
                fits = violation("must have at most \(counted(most, "character")), and has \(length)")
            }
        }
        if let pattern = bounds.pattern, !pattern.expression.isFound(in: text) {
            fits = violation("must match the pattern \(quoted(pattern.text)), and is \(quoted(text))")
        }
        return fits
    }
}
