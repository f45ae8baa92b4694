import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents
import RecordFiles

extension RouteFileReader {
    /// Reads `session`.
    ///
    /// - Returns: the configuration, and what the environment's variables hold that stand in it.
    func readSession(_ section: inout Section) -> (block: SessionBlock, secrets: SecretValues)? {
        guard section.read(FileKeys.session) != nil, let entry = section.entry(FileKeys.session.name) else {
            return nil
        }
        guard entry.value.entries != nil else {
            section.error(
                "`session` must be a mapping, and this is \(entry.value.kindDescription)", at: FileKeys.session.name,
                help: "write `session: {instructions: …}`")
            return nil
        }
        var variables = VariableReplacement(surroundings.variable, diagnostics)
        let node = variables.value(entry.value)
        let lint = SessionLint(node, diagnostics: diagnostics)
        variables.reporting { lint.check() }
        guard let json = Self.json(node, lint.form).object else { return nil }
        let hidden = variables.hidden
        let block = SessionBlock(json, key: entry.key, value: entry.value) { hidden.hide(in: $0) }
        return (block, SecretValues(variables.values))
    }

    /// The value of a part of the block. What a variable holds is a number, or true or false, where the API wants one.
    private static func json(_ node: Node, _ form: PlaceForm?) -> JSONValue {
        switch node.content {
        case .list(let elements): .array(elements.map { json($0, form) })
        case .mapping(let entries):
            .object(JSONObject(entries.map { (key: $0.name, value: json($0.value, form?.field($0.name))) }))
        case .scalar(let scalar): (scalar.isReplaced ? replaced(node, form) : nil) ?? JSONValue(node)
        }
    }

    private static func replaced(_ node: Node, _ form: PlaceForm?) -> JSONValue? {
        guard let form else { return nil }
        if form.holdsBooleans, let value = node.bool { return .bool(value) }
        if form.holdsNumbers, let text = node.number { return JSONNumber(text: text).map { .number($0) } }
        return nil
    }
}
