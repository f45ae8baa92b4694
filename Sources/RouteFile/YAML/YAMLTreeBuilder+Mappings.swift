import ConfigSource

extension YAMLTreeBuilder {
    /// The mapping that begins with an event.
    mutating func mapping(_ start: YAMLEvent, isFlow: Bool, depth: Int) throws(Stop) -> Built {
        var entries: [Node.Entry] = []
        // By bytes: two texts that String takes for equal can be two keys.
        var firsts: [[UInt8]: Node] = [:]
        var result = Built(node: node(.mapping([]), start), height: 1)
        var bareKeys: [Built] = []
        var count = 0
        while true {
            let keyEvent = try next()
            if case .mappingEnd = keyEvent.kind { break }
            count += 1
            var key = try value(keyEvent, depth: depth, isKey: true)
            let isBare = isFlow && !hasColon(behind: last?.end ?? keyEvent.end)
            var value = try value(try next(), depth: depth)
            if isBare { (key, value) = bare(key, value, &bareKeys) }
            result.count += key.count + value.count
            result.height = max(result.height, value.height + 1)
            guard isUsable(key, isBare: isBare) else { continue }
            let name = Array((key.node.scalar?.text ?? "").utf8)
            if let first = firsts[name] {
                reportDuplicate(key.node, first)
            } else {
                firsts[name] = key.node
                entries.append(Node.Entry(key: key.node, value: value.node))
            }
        }
        result.node.content = .mapping(entries)
        if bareKeys.count == 1, count == 1, let end = last?.end {
            result.bareText = start.start..<end
        } else {
            for key in bareKeys { reportBareKey(key.node) }
        }
        return result
    }

    private func hasColon(behind place: Int) -> Bool {
        text[text.skipBlanks(from: place, andLines: true)] == ":"
    }

    /// A key without a colon: `{type:response.done}` is repaired to what was meant, others are remembered.
    private func bare(_ key: Built, _ value: Built, _ bareKeys: inout [Built]) -> (Built, Built) {
        guard let scalar = key.node.scalar, !scalar.isQuoted, let colon = scalar.text.firstIndex(of: ":"),
            colon != scalar.text.startIndex, case let behind = scalar.text[scalar.text.index(after: colon)...],
            !behind.isEmpty
        else {
            bareKeys.append(key)
            return (key, value)
        }
        let name = scalar.text[..<colon]
        diagnostics.error(
            "\(quoted(scalar.text)) is one key without a value", at: key.node,
            help: "put a space after the colon: `\(name): \(behind)`")
        var (newKey, newValue) = (key, value)
        newKey.node.content = .scalar(Node.Scalar(String(name), isQuoted: false))
        newValue.node.content = .scalar(Node.Scalar(String(behind), isQuoted: false))
        newValue.node.location = key.node.location
        newValue.node.location.column += name.unicodeScalars.count + 1
        return (newKey, newValue)
    }

    private func reportBareKey(_ key: Node) {
        let name = key.scalar?.text ?? "…"
        diagnostics.error(
            "the key \(quoted(name)) has no value", at: key,
            help: "write `\(name): ` and a value; a list stands in `[ ]`")
    }

    /// `{word}`, reported and taken for the text that it was meant to be.
    func repaired(_ range: Range<Int>, _ start: YAMLEvent) -> Built {
        let written = text.string(range)
        diagnostics.error(
            "\(quoted(written)) is a mapping with a key and no value", at: text.location(range.lowerBound),
            in: text.file,
            help: YAMLText.quoteHelp(written))
        return Built(node: node(.scalar(Node.Scalar(written, isQuoted: true)), start))
    }

    /// Reports a key that is none.
    private func isUsable(_ key: Built, isBare: Bool) -> Bool {
        guard let scalar = key.node.scalar else {
            // The key of `{{word}}` is reported with the mapping that it makes up.
            if isBare { return false }
            var help: String?
            if let range = key.bareText { help = YAMLText.quoteHelp(text.string(range)) }
            diagnostics.error("a key must be text, and this is \(key.node.kindName)", at: key.node, help: help)
            return false
        }
        if scalar.isQuoted { return true }
        switch scalar.text {
        case "":
            diagnostics.error(
                "there is no key before the colon", at: key.node, help: "quote the colon if it is text: `\":\"`")
            return false
        case "<<":
            diagnostics.error(
                "merge keys are not supported", at: key.node,
                help: "write the keys out, or let an alias stand for the whole value")
            return false
        default: return true
        }
    }

    private func reportDuplicate(_ key: Node, _ first: Node) {
        diagnostics.error(
            "the key \(quoted(key.scalar?.text ?? "")) stands twice, first in line \(first.location.line)", at: key,
            notes: [Diagnostic.Note("the first one is here", at: first)])
    }
}
