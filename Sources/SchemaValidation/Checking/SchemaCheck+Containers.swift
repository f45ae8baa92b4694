import ConfigSource
import EventJSON
import LinearExpressions

// Constraints on arrays and objects.
extension SchemaCheck {
    mutating func check(_ elements: [JSONValue], _ bounds: ArrayBounds) -> Bool {
        var fits = true
        if let least = bounds.minCount, elements.count < least {
            fits = violation("must have at least \(counted(least, "element")), and has \(elements.count)")
        }
        if let most = bounds.maxCount, elements.count > most {
            fits = violation("must have at most \(counted(most, "element")), and has \(elements.count)")
        }
        if bounds.isUnique, !checkUnique(elements) { fits = false }
        for (index, element) in elements.enumerated() {
            guard let node = index < bounds.prefix.count ? bounds.prefix[index] : bounds.remaining else { break }
            if !check(element, at: .index(index), against: node) { fits = false }
            if !fits, isDecided { return false }
        }
        if let contained = bounds.contained, !check(elements, contained) { fits = false }
        return fits
    }

    private mutating func checkUnique(_ elements: [JSONValue]) -> Bool {
        var first: [SchemaValue: Int] = [:]
        for (index, element) in elements.enumerated() {
            if let same = first.updateValue(index, forKey: SchemaValue(element)) {
                return violation("must not hold anything twice, and [\(same)] and [\(index)] are the same")
            }
        }
        return true
    }

    private mutating func check(
        _ elements: [JSONValue], _ contained: (node: SchemaNode.Index, minCount: Int, maxCount: Int?)
    ) -> Bool {
        let count = elements.count { fits($0, contained.node) }
        if count < contained.minCount {
            return violation(
                "must hold \(counted(contained.minCount, "element")) of the kind in `contains`, and holds \(count)")
        }
        if let most = contained.maxCount, count > most {
            return violation("may hold \(counted(most, "element")) of the kind in `contains`, and holds \(count)")
        }
        return true
    }

    mutating func check(_ members: JSONObject, _ bounds: ObjectBounds) -> Bool {
        let names = Set(members.keys.map(MemberName.init))
        var fits = checkNames(names, bounds)
        if let least = bounds.minCount, names.count < least {
            fits = violation("must have at least \(counted(least, "member")), and has \(names.count)")
        }
        if let most = bounds.maxCount, names.count > most {
            fits = violation("must have at most \(counted(most, "member")), and has \(names.count)")
        }
        // All members with the same name are checked, because it is unknown which of them a program will use.
        for (name, value) in members {
            if !check(value, named: name, bounds) { fits = false }
            if !fits, isDecided { return false }
        }
        for dependent in bounds.dependentSchemas where names.contains(MemberName(dependent.name)) {
            if !check(.object(members), against: dependent.node) { fits = false }
        }
        return fits
    }

    private mutating func checkNames(_ names: Set<MemberName>, _ bounds: ObjectBounds) -> Bool {
        var fits = true
        for name in bounds.required where !names.contains(MemberName(name)) {
            fits = missing(name, "is missing")
        }
        for (name, needed) in bounds.dependentRequired where names.contains(MemberName(name)) {
            for other in needed where !names.contains(MemberName(other)) {
                fits = missing(other, "is missing, and needed beside `\([.key(name)].text)`")
            }
        }
        return fits
    }

    private mutating func missing(_ name: String, _ message: String) -> Bool {
        path.append(.key(name))
        defer { path.removeLast() }
        return violation(message, of: .required)
    }

    private mutating func check(_ value: JSONValue, named name: String, _ bounds: ObjectBounds) -> Bool {
        path.append(.key(name))
        defer { path.removeLast() }
        var fits = true
        var isKnown = false
        if let node = bounds.properties[MemberName(name)] {
            isKnown = true
            fits = check(value, against: node)
        }
        for (expression, node) in bounds.patterns where expression.isFound(in: name) {
            isKnown = true
            fits = check(value, against: node) && fits
        }
        if !isKnown, let others = bounds.additional {
            if case .never? = nodes[others].constraints.first {
                fits = violation("is not known\(bounds.alternatives(to: name))", of: .known)
            } else {
                fits = check(value, against: others) && fits
            }
        }
        if let node = bounds.propertyNames, !self.fits(.string(name), node) {
            fits = violation("has a name that is not allowed")
        }
        return fits
    }
}

extension ObjectBounds {
    /// The allowed names, for the message about an unknown one.
    fileprivate func alternatives(to name: String) -> String {
        if let near = closest(to: name, among: names) { return "; did you mean `\([.key(near)].text)`?" }
        guard !names.isEmpty else { return "" }
        let known = names.prefix(10).map { "`\([.key($0)].text)`" }.joined(separator: ", ")
        return "; known \(names.count == 1 ? "is" : "are") \(known)\(names.count > 10 ? ", …" : "")"
    }
}
