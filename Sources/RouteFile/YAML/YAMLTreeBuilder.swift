import ConfigSource

/// Builds the node tree from libyaml's events, and reports structural mistakes.
struct YAMLTreeBuilder {
    /// The reason why there is no document.
    enum Stop: Error {
        /// An error was already reported.
        case reported
        /// libyaml found a syntax error.
        case failure(YAMLFailure)
    }

    /// A node with the size that an alias to it adds.
    struct BuiltNode {
        var node: Node
        /// The number of nodes in the node, including the node itself.
        var count = 1
        /// The nesting depth of the collections in the node.
        var height = 0
        /// The range of `{word}`, which YAML reads as a mapping but the author meant as text; nil for other nodes.
        var bareText: Range<Int>?
    }

    let text: YAMLText
    let diagnostics: Diagnostics
    private let parser: LibYAMLParser
    private var anchors: [String: BuiltNode] = [:]
    private var openAnchors: Set<String> = []
    private var aliasNodes = 0

    /// The state for messages about a syntax error: the first event of the document's value, the last event, and the
    /// start events of the open collections in brackets.
    private var root: YAMLEvent?
    private(set) var last: YAMLEvent?
    private var openBrackets: [YAMLEvent] = []

    init(_ text: YAMLText, _ parser: LibYAMLParser, _ diagnostics: Diagnostics) {
        self.text = text
        self.parser = parser
        self.diagnostics = diagnostics
    }

    /// Reads the document of the file; reports an error and returns nil if the file is empty or has several documents.
    mutating func document() throws(Stop) -> Node? {
        _ = try next()
        guard case .documentStart = try next().kind else { return empty() }
        let first = try next()
        root = first
        if case .scalar("", .plain) = first.kind, first.anchor == nil, !first.hasTag { return empty() }
        let root = try value(first, depth: 0)
        _ = try next()
        let following = try next()
        guard case .streamEnd = following.kind else {
            diagnostics.error(
                "a second document begins here, and a file holds one", at: text.location(following.start),
                in: text.file,
                help: "remove the line `---` and what follows, or put it into a file of its own")
            return nil
        }
        return root.node
    }

    /// The diagnostic for libyaml's syntax error.
    func diagnostic(for failure: YAMLFailure) -> Diagnostic {
        YAMLErrorMessages(text: text, failure: failure, root: root, last: last, openBrackets: openBrackets).diagnostic()
    }

    private func empty() -> Node? {
        let hasComments = text.scalars.contains("#")
        diagnostics.error(
            hasComments ? "the file holds nothing but comments" : "the file is empty",
            at: SourceLocation(line: 1, column: 1), in: text.file)
        return nil
    }

    mutating func next() throws(Stop) -> YAMLEvent {
        do {
            let event = try parser.next()
            last = event
            return event
        } catch {
            throw .failure(error)
        }
    }

    /// Reads the node that begins with an event.
    mutating func value(_ event: YAMLEvent, depth: Int, isKey: Bool = false) throws(Stop) -> BuiltNode {
        if event.hasTag { reportTag(event) }
        if case .alias(let name) = event.kind { return try alias(name, event, depth: depth) }
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        var built: BuiltNode
        switch event.kind {
        case .listStart(let isFlow):
            built = try collection(event, isFlow: isFlow, depth: depth + 1) { builder, depth throws(Stop) in
                try builder.list(event, depth: depth)
            }
        case .mappingStart(let isFlow):
            built = try collection(event, isFlow: isFlow, depth: depth + 1) { builder, depth throws(Stop) in
                try builder.mapping(event, isFlow: isFlow, depth: depth)
            }
        case .scalar(let text, let style): built = BuiltNode(node: scalar(text, style, event))
        default: preconditionFailure("libyaml begins a value with \(event.kind)")
        }
        if !isKey, let range = built.bareText { built = repaired(range, event) }
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = built
        }
        return built
    }

    private mutating func collection(
        _ start: YAMLEvent, isFlow: Bool, depth: Int, _ read: (inout Self, Int) throws(Stop) -> BuiltNode
    ) throws(Stop) -> BuiltNode {
        try checkDepth(depth, start)
        if isFlow { openBrackets.append(start) }
        let built = try read(&self, depth)
        if isFlow { openBrackets.removeLast() }
        return built
    }

    private mutating func list(_ start: YAMLEvent, depth: Int) throws(Stop) -> BuiltNode {
        var elements: [Node] = []
        var result = BuiltNode(node: node(.list([]), start), height: 1)
        while true {
            let event = try next()
            if case .listEnd = event.kind { break }
            let element = try value(event, depth: depth)
            elements.append(element.node)
            result.count += element.count
            result.height = max(result.height, element.height + 1)
        }
        result.node.content = .list(elements)
        return result
    }

    private func scalar(_ string: String, _ style: YAMLEvent.Style, _ event: YAMLEvent) -> Node {
        if string.isEmpty, style == .folded || style == .literal {
            let sign = style == .folded ? ">" : "|"
            let name = style == .folded ? "folded text" : "block of text"
            diagnostics.error(
                "`\(sign)` begins a \(name), and none follows", at: text.location(event.start), in: text.file,
                help: "quote it if the sign itself is meant: `\"\(sign)\"`")
            return node(.scalar(Node.Scalar(sign, isQuoted: true)), event)
        }
        return node(.scalar(Node.Scalar(string, isQuoted: style != .plain)), event)
    }

    func node(_ content: Node.Content, _ event: YAMLEvent) -> Node {
        Node(content, at: text.location(event.start), in: text.file)
    }

    private func checkDepth(_ depth: Int, _ event: YAMLEvent) throws(Stop) {
        guard depth > YAMLLimits.maximumDepth else { return }
        diagnostics.error(
            "nested deeper than \(YAMLLimits.maximumDepth) levels", at: text.location(event.start), in: text.file)
        throw .reported
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent, depth: Int) throws(Stop) -> BuiltNode {
        let place = text.location(event.start)
        let asText = BuiltNode(node: node(.scalar(Node.Scalar("*" + name, isQuoted: true)), event))
        if openAnchors.contains(name) {
            diagnostics.error(
                "`*\(name)` refers to something that it is itself part of", at: place, in: text.file,
                help: YAMLText.quoteHelp("*" + name))
            return asText
        }
        guard let target = anchors[name] else {
            let near = closest(to: name, among: anchors.keys).map { "did you mean `*\($0)`?" }
            diagnostics.error(
                "`*\(name)` refers to an anchor, and there is no `&\(name)` before it", at: place, in: text.file,
                help: near ?? "quote it if it is text: `\"*\(name)\"`")
            return asText
        }
        aliasNodes += target.count
        guard aliasNodes <= YAMLLimits.maximumAliasNodes else {
            diagnostics.error(
                "the aliases up to here stand for more than \(YAMLLimits.maximumAliasNodes) values", at: place,
                in: text.file,
                help: "repeat less by aliases")
            throw .reported
        }
        try checkDepth(depth + target.height, event)
        return target
    }

    private func reportTag(_ event: YAMLEvent) {
        var start = event.start
        // The tag may follow an anchor.
        if text[start] == "&" { while let scalar = text[start], scalar != "!" { start += 1 } }
        let run = text.run(from: start, inFlow: !openBrackets.isEmpty)
        diagnostics.error(
            "tags such as \(quoted(text.string(tagRange(from: start)))) are not supported", at: text.location(start),
            in: text.file,
            help: "leave it out, or quote all of it if it is text: `\(YAMLText.inQuotes(text.string(run)))`")
    }

    private func tagRange(from start: Int) -> Range<Int> {
        var end = start
        while let scalar = text[end], !YAMLText.isBlank(scalar), !YAMLText.isLineEnd(scalar) { end += 1 }
        return start..<end
    }
}

extension YAMLTreeBuilder {
    /// Reads the mapping that begins with an event.
    mutating func mapping(_ start: YAMLEvent, isFlow: Bool, depth: Int) throws(Stop) -> BuiltNode {
        var entries: [Node.Entry] = []
        // Keys are compared as bytes, because `String` compares canonically equivalent texts as equal.
        var firsts: [[UInt8]: Node] = [:]
        var result = BuiltNode(node: node(.mapping([]), start), height: 1)
        var bareKeys: [BuiltNode] = []
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

    /// Handles a key without a colon. `{type:response.done}` is reported and split into key and value; other keys are
    /// added to `bareKeys`.
    private func bare(_ key: BuiltNode, _ value: BuiltNode, _ bareKeys: inout [BuiltNode]) -> (BuiltNode, BuiltNode) {
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
            help: "write `\(name): ` and a value; a list is written in `[ ]`")
    }

    /// Reports `{word}`, and returns it as the text that the author meant.
    func repaired(_ range: Range<Int>, _ start: YAMLEvent) -> BuiltNode {
        let written = text.string(range)
        diagnostics.error(
            "\(quoted(written)) is a mapping with a key and no value", at: text.location(range.lowerBound),
            in: text.file,
            help: YAMLText.quoteHelp(written))
        return BuiltNode(node: node(.scalar(Node.Scalar(written, isQuoted: true)), start))
    }

    /// Whether a key is a valid text. Reports one that is not.
    private func isUsable(_ key: BuiltNode, isBare: Bool) -> Bool {
        guard let scalar = key.node.scalar else {
            // The key of `{{word}}` is reported with its mapping.
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
