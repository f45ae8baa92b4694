import EventJSON

/// A simple and slow implementation of the pattern language that shares no code with the engine.
///
/// It works on JSON trees, tries every combination of values, and supports only valid patterns.
enum ReferenceMatcher {
    static func matches(_ pattern: JSONValue, _ event: JSONValue) -> Bool {
        let values = flatten(event)
        return ways(pattern, []).contains { way in
            var conditions: [[String]: [[JSONValue]]] = [:]
            for (path, alternatives) in way { conditions[path, default: []].append(alternatives) }
            let fields = conditions.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return canPick(fields[...], values, picked: [], absent: [])
        }
    }

    /// A scalar of an event, with its path and the array elements that contain it.
    struct Value {
        var path: [String]
        var scalar: JSONValue
        var elements: [Int: Int]

        func goesWith(_ other: Value) -> Bool {
            elements.allSatisfy { other.elements[$0.key] == nil || other.elements[$0.key] == $0.value }
        }
    }

    private static func flatten(_ event: JSONValue) -> [Value] {
        var values: [Value] = []
        var arrays = 0
        func walk(_ value: JSONValue, _ path: [String], _ elements: [Int: Int]) {
            switch value {
            case .object(let members):
                for (key, member) in members { walk(member, path + [key], elements) }
            case .array(let items):
                let array = arrays
                arrays += 1
                for (index, item) in items.enumerated() {
                    let isContainer = item.array != nil || item.object != nil
                    walk(item, path, isContainer ? elements.merging([array: index]) { $1 } : elements)
                }
            default: values.append(Value(path: path, scalar: value, elements: elements))
            }
        }
        walk(event, [], [:])
        return values
    }

    /// All combinations of `$or` branches, each a list of fields with their alternatives.
    private static func ways(_ pattern: JSONValue, _ path: [String]) -> [[([String], [JSONValue])]] {
        var ways: [[([String], [JSONValue])]] = [[]]
        for (key, value) in pattern.object! {
            let more: [[([String], [JSONValue])]] =
                if key == "$or" {
                    value.array!.flatMap { Self.ways($0, path) }
                } else if value.object != nil {
                    Self.ways(value, path + [key])
                } else {
                    [[(path + [key], value.array ?? [value])]]
                }
            ways = ways.flatMap { way in more.map { way + $0 } }
        }
        return ways
    }

    private static func canPick(
        _ fields: ArraySlice<(key: [String], value: [[JSONValue]])>, _ values: [Value], picked: [Value],
        absent: [[String]]
    ) -> Bool {
        guard let field = fields.first else {
            return absent.allSatisfy { path in
                !values.contains { value in value.path == path && picked.allSatisfy { value.goesWith($0) } }
            }
        }
        let rest = fields.dropFirst()
        for value in values where value.path == field.key && picked.allSatisfy({ value.goesWith($0) }) {
            let isAccepted = field.value.allSatisfy { $0.contains { accepts($0, value.scalar) } }
            if isAccepted, canPick(rest, values, picked: picked + [value], absent: absent) { return true }
        }
        let mayBeAbsent = field.value.allSatisfy { $0.contains { $0["exists"] == .bool(false) } }
        return mayBeAbsent && canPick(rest, values, picked: picked, absent: absent + [field.key])
    }

    private static func accepts(_ alternative: JSONValue, _ value: JSONValue) -> Bool {
        guard let (name, argument) = alternative.object?.first(where: { _ in true }) else {
            return isEqual(alternative, value)
        }
        // If an operator has several arguments, one has to match.
        if ["phrase", "regexp", "prefix", "suffix", "wildcard", "equals-ignore-case"].contains(name) {
            let several = argument.array ?? argument["list"]?.string.map { PatternGenerator.lists[$0]! }
            if let several { return several.contains { accepts(.object([name: $0]), value) } }
        }
        let text = value.string.map { Array($0.unicodeScalars) }
        func folded(_ string: String) -> [Unicode.Scalar] {
            string.unicodeScalars.map {
                ("A"..."Z").contains($0)
                    ? Unicode.Scalar($0.value + 32)! : $0 == "É" ? "é" : $0 == "\u{212A}" ? "k" : $0
            }
        }
        let foldedText = value.string.map { folded($0) }
        switch name {
        case "exists": return argument == .bool(true)
        case "numeric": return isInside(argument.array!, value)
        case "anything-but":
            return !(argument.array ?? [argument]).contains { accepts($0, value) }
        case "exactly": return isEqual(argument, value)
        case "list": return PatternGenerator.lists[argument.string!]!.contains { isEqual($0, value) }
        case "cidr": return value.string.map { lies($0, in: argument.string!) } ?? false
        case "regexp":
            // A different, backtracking implementation. The generated expressions mean the same in both.
            let expression = try! Regex(argument.string!).matchingSemantics(.unicodeScalar)
            return value.string.map { $0.wholeMatch(of: expression) != nil } ?? false
        case "phrase": return value.string.map { says(argument.string!, $0) } ?? false
        case "wildcard": return text.map { fits(Array(argument.string!.unicodeScalars)[...], $0[...]) } ?? false
        case "equals-ignore-case": return foldedText == folded(argument.string!)
        case "prefix":
            guard let plain = argument.string else {
                return foldedText?.starts(with: folded(argument["equals-ignore-case"]!.string!)) ?? false
            }
            return text?.starts(with: plain.unicodeScalars) ?? false
        case "suffix":
            guard let plain = argument.string else {
                return foldedText?.reversed().starts(with: folded(argument["equals-ignore-case"]!.string!).reversed())
                    ?? false
            }
            return text?.reversed().starts(with: plain.unicodeScalars.reversed()) ?? false
        default: fatalError("the reference does not know \(name)")
        }
    }

    private static func isEqual(_ wanted: JSONValue, _ value: JSONValue) -> Bool {
        if let left = wanted.string, let right = value.string {
            return left.unicodeScalars.elementsEqual(right.unicodeScalars)
        }
        guard case .number(let left) = wanted, case .number(let right) = value else { return wanted == value }
        return left.text == right.text || (isExact(left) && isExact(right) && left.double == right.double)
    }

    /// Whether the nearest double is spelled with the same digits and the same power of ten.
    private static func isExact(_ number: JSONNumber) -> Bool {
        guard let double = number.double else { return false }
        return decimal(number.text) == decimal(double.description)
    }

    /// The digits without leading and trailing zeros, and the power of ten of the last digit.
    private static func decimal(_ text: String) -> [Int] {
        let parts = text.lowercased().split(separator: "e")
        let halves = parts[0].split(separator: ".")
        var digits = halves.joined().compactMap(\.wholeNumberValue)
        var power = (parts.count > 1 ? Int(parts[1])! : 0) - (halves.count > 1 ? halves[1].count : 0)
        while digits.last == 0 {
            digits.removeLast()
            power += 1
        }
        let significant = Array(digits.drop { $0 == 0 })
        return significant.isEmpty ? [] : [power, text.hasPrefix("-") ? -1 : 1] + significant
    }

    private static func isInside(_ bounds: [JSONValue], _ value: JSONValue) -> Bool {
        guard case .number(let number) = value, isExact(number), let double = number.double else { return false }
        return stride(from: 0, to: bounds.count, by: 2).allSatisfy { index in
            let bound = bounds[index + 1].double!
            return switch bounds[index].string! {
            case "<": double < bound
            case "<=": double <= bound
            case ">": double > bound
            case ">=": double >= bound
            default: double == bound
            }
        }
    }

    /// The addresses among the generator's texts.
    private static let addresses: [String: [UInt8]] = [
        "10.0.0.1": [10, 0, 0, 1], "10.9.0.1": [10, 9, 0, 1], "::1": Array(repeating: 0, count: 15) + [1],
        "2001:DB8::5": [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [5],
    ]

    private static func lies(_ text: String, in block: String) -> Bool {
        let parts = block.split(separator: "/")
        guard let address = addresses[text], let base = addresses[String(parts[0])], address.count == base.count else {
            return false
        }
        return (0..<Int(parts[1])!).allSatisfy { bit in
            (address[bit / 8] ^ base[bit / 8]) & (0x80 >> (bit % 8)) == 0
        }
    }

    private static func fits(_ wildcard: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = wildcard.first else { return text.isEmpty }
        if first == "\\", let escaped = wildcard.dropFirst().first {
            return text.first == escaped && fits(wildcard.dropFirst(2), text.dropFirst())
        }
        if first == "*" {
            return fits(wildcard.dropFirst(), text) || (!text.isEmpty && fits(wildcard, text.dropFirst()))
        }
        return text.first == first && fits(wildcard.dropFirst(), text.dropFirst())
    }

    private static func says(_ phrase: String, _ text: String) -> Bool {
        let wanted = phrase.split(separator: " ").map { Array($0.unicodeScalars) }
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { Array($0.unicodeScalars) }
        guard words.count >= wanted.count else { return false }
        return (0...words.count - wanted.count).contains { start in
            zip(wanted, words[start...]).allSatisfy { (wanted: [Unicode.Scalar], word: [Unicode.Scalar]) -> Bool in
                let isPrefix = wanted.last.map { $0.value == 0x2A } ?? false
                return isPrefix ? word.starts(with: wanted.dropLast()) : word.elementsEqual(wanted)
            }
        }
    }
}
