import ConfigSource
import EventRouter

extension RouteFileReader {
    /// `session`, `turn`, `{field: item_id}`, `{every: 5m}` or `{every: 5m, field: item_id}`.
    func oncePer(_ section: inout Section) -> OncePer? {
        guard let node = section.read(RouteKeys.oncePer) else { return nil }
        switch node.string {
        case "session": return .session
        case "turn": return .turn
        default: break
        }
        guard node.entries != nil, var inner = Section(node, what: "`once_per`", OncePerKeys.form, diagnostics) else {
            diagnostics.error(
                "`once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`", at: node,
                help: node.string.map { Self.oncePerHelp($0) })
            return nil
        }
        let interval = inner.read(OncePerKeys.every)
        let path = inner.read(OncePerKeys.field).map { inner.node("field")?.list == nil ? Self.path($0[0]) : $0 }
        if path?.isEmpty ?? false { inner.error("`field` names no field", at: "field") }
        if inner.keys.isEmpty {
            diagnostics.error(
                "`once_per` needs the key `field` or `every`", at: node,
                help: "write `once_per: {field: item_id}` or `once_per: {every: 5m}`")
        }
        inner.finish()
        if let path, path.isEmpty { return nil }
        if inner.has("every") { return interval.map { .every($0, field: path) } }
        return path.map { .field($0) }
    }

    private static func oncePerHelp(_ word: String) -> String {
        if Measure.duration(word) != nil { return "write `{every: \(word)}`" }
        return closest(to: word, among: ["session", "turn"]).map { "did you mean `\($0)`?" }
            ?? "write `{field: \(word)}` for a field of the event"
    }

    /// The names in `response.id`; one name where there is no point between two.
    private static func path(_ text: String) -> [String] {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return names.contains("") ? [text] : names
    }
}
