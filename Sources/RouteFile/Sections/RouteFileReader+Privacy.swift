import ConfigSource
import EventPatterns
import EventRouter

extension RouteFileReader {
    /// The content of `privacy`: what to redact, and how long to keep records.
    struct Privacy {
        var redactors: [any EventRedactor] = []
        var keep: Duration?
    }

    /// Reads `privacy`.
    func readPrivacy(_ section: inout Section) -> Privacy {
        guard var inner = section.read(FileKeys.privacy) else { return Privacy() }
        var (patterns, fields) = ([TextPattern](), Set<String>())
        let entries = inner.read(PrivacyKeys.redact)
        if entries?.isEmpty == true {
            inner.error(
                "`redact` is empty", at: PrivacyKeys.redact.name, help: "remove it, or write `redact: [{kind: card}]`")
        }
        for entry in entries ?? [] { readRedaction(entry, &patterns, &fields) }
        let keep = inner.read(PrivacyKeys.keep)
        inner.finish()
        let isEmpty = patterns.isEmpty && fields.isEmpty
        return Privacy(redactors: isEmpty ? [] : [PrivacyRedactor(patterns: patterns, fields: fields)], keep: keep)
    }

    private func readRedaction(_ node: Node, _ patterns: inout [TextPattern], _ fields: inout Set<String>) {
        if let word = node.string {
            diagnostics.error(
                "an entry of `redact` must be a mapping, and this is \(node.kindDescription)", at: node,
                help: "write `\(Self.entry(for: word))`")
            return
        }
        guard var entry = Section(node, what: "an entry of `redact`", RedactionKeys.form, diagnostics) else { return }
        defer { entry.finish() }
        let known = entry.keys.filter(RedactionKeys.form.names.contains)
        if known.count != 1, entry.keys.count == known.count {
            diagnostics.error(
                "an entry of `redact` has exactly one of `kind`, `regexp`, `phrase` and `field`", at: node,
                help: "write an entry for each: `redact: [{kind: card}, {field: ssn}]`")
        }
        patterns += kinds(&entry).map { TextPattern($0) }
        for text in texts(&entry, RedactionKeys.regexp) {
            add(text, to: &patterns) { text throws(TextPattern.Failure) in try TextPattern(regexp: text) }
        }
        for text in texts(&entry, RedactionKeys.phrase) {
            add(text, to: &patterns) { text throws(TextPattern.Failure) in try TextPattern(phrase: text) }
        }
        fields.formUnion(texts(&entry, RedactionKeys.field).compactMap(\.string))
    }

    /// The entry that a bare word probably means: a kind, or the name of a field.
    private static func entry(for word: String) -> String {
        let kind = closest(to: word, among: RedactionKeys.kinds)
        if RedactionKeys.kinds.contains(word) { return "{kind: \(word)}" }
        return kind.map { "{kind: \($0)}" } ?? "{field: \(yamlText(word))}"
    }

    /// The kinds of secrets of an entry.
    private func kinds(_ entry: inout Section) -> [SecretKind] {
        let key = RedactionKeys.kind.name
        guard let node = entry.read(RedactionKeys.kind) else { return [] }
        if node.list?.isEmpty ?? false { entry.error("`kind` is empty", at: key) }
        let words =
            node.list == nil
            ? entry.choice(key, among: RedactionKeys.kinds).map { [$0] }
            : entry.choices(key, among: RedactionKeys.kinds)
        return (words ?? []).compactMap(SecretKind.init)
    }

    /// The nodes of the texts under a key.
    private func texts(_ entry: inout Section, _ key: SectionKey<[String]?>) -> [Node] {
        guard let texts = entry.read(key), let node = entry.node(key.name) else { return [] }
        if texts.isEmpty { entry.error("`\(key.name)` is empty", at: key.name) }
        return node.list ?? [node]
    }

    private func add(
        _ node: Node, to patterns: inout [TextPattern], _ make: (String) throws(TextPattern.Failure) -> TextPattern
    ) {
        guard let text = node.string else { return }
        do throws(TextPattern.Failure) {
            let pattern = try make(text)
            patterns.append(pattern)
            guard pattern.looksAnchored else { return }
            diagnostics.warning(
                "`^` and `$` are plain characters here", at: node, help: "remove them: a text is searched anywhere")
        } catch {
            diagnostics.error(error.message, at: node, help: error.help)
        }
    }
}
