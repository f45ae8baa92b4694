import ConfigSource

/// The keys of `session_key_from`: one of them.
enum RequestFieldKeys {
    static let header = SectionKey.string("header", "A field of the handshake's header.")
    static let query = SectionKey.string("query", "An item of the address's query.")
    static let path = SectionKey.int(
        "path", in: -20...20, "A part of the address's path, from 0; below 0 counted from the end.")
    static let all: [any DeclaredKey] = [header, query, path]
    static let form = SectionForm(all, alternatives: all.map(\.form.name))

    static func read(_ section: Section, _ diagnostics: Diagnostics) -> RequestField? {
        var section = section
        defer { section.finish() }
        guard form.alternatives.filter({ section.has($0) }).count == 1 else {
            section.know(form.alternatives)
            diagnostics.error(
                "\(section.what) needs one of `header`, `query` and `path`", at: section.node,
                help: "write `{header: X-Call-Id}`")
            return nil
        }
        return read(&section)
    }

    static func read(_ section: inout Section) -> RequestField? {
        let field: RequestField
        if let name = section.read(header) {
            field = .header(name.lowercased())
        } else if let name = section.read(query) {
            field = .query(name)
        } else if let index = section.read(path) {
            field = .path(index)
        } else {
            return nil
        }
        guard field.isPublic else {
            section.error(
                "what this field holds is a secret, and would be written down", at: header.name,
                help: "take another field, such as one of your own: `header: X-Call-Id`")
            return nil
        }
        return field
    }
}

/// The keys of a label in `labels_from`: one of them.
enum LabelKeys {
    static let session = SectionKey.string(
        "session",
        "A path of names in the `session` of the client's first `session.update`, such as `tracing.group_id`.")
    static let form = SectionForm(
        RequestFieldKeys.all + [session], alternatives: RequestFieldKeys.all.map(\.form.name) + [session.name])

    static func read(_ entries: [Node.Entry], _ diagnostics: Diagnostics) -> [ClientLabel] {
        entries.compactMap { entry in
            guard var section = Section(entry.value, what: "the label \(quoted(entry.name))", form, diagnostics) else {
                return nil
            }
            defer { section.finish() }
            let given = form.alternatives.filter { section.has($0) }
            guard given.count == 1 else {
                diagnostics.error(
                    "the label \(quoted(entry.name)) needs one of `header`, `query`, `path` and `session`",
                    at: entry.value, help: "write `{header: X-Tenant}`")
                return nil
            }
            if let path = section.read(session) {
                return ClientLabel(entry.name, .session(path.split(separator: ".").map(String.init)))
            }
            return RequestFieldKeys.read(&section).map { ClientLabel(entry.name, .request($0)) }
        }
    }
}
