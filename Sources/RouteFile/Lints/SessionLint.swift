import ConfigSource
import RealtimeEvents

/// Warns about keys in `session` that make a server refuse the whole update: keys of the beta API, and unknown keys.
struct SessionLint {
    let node: Node
    let diagnostics: Diagnostics
    /// The fields of the API's session.
    let shape: FieldShape

    /// The keys of the beta API with their current paths; nil for keys that were removed.
    private static let betaNames: KeyValuePairs<String, [String]?> = [
        "modalities": ["output_modalities"], "voice": ["audio", "output", "voice"],
        "speed": ["audio", "output", "speed"], "input_audio_format": ["audio", "input", "format"],
        "output_audio_format": ["audio", "output", "format"],
        "input_audio_transcription": ["audio", "input", "transcription"],
        "input_audio_noise_reduction": ["audio", "input", "noise_reduction"],
        "turn_detection": ["audio", "input", "turn_detection"], "max_response_output_tokens": ["max_output_tokens"],
        "temperature": nil,
    ]
    /// Fields that only the server sets.
    private static let serverNames = ["id", "object", "expires_at", "client_secret"]

    init(_ node: Node, diagnostics: Diagnostics) {
        self.node = node
        self.diagnostics = diagnostics
        let isTranslation = node["type"]?.string == SessionType.translation.rawValue
        shape = FieldShape([.object(isTranslation ? TranslationSession.self : Session.self)])
    }

    func check() {
        for entry in node.entries ?? [] {
            if entry.name == "tools" {
                checkTools(entry)
            } else if let beta = Self.betaNames.first(where: { $0.key == entry.name }) {
                warn(ofBetaName: entry, beta.value)
            } else if Self.serverNames.contains(entry.name) {
                diagnostics.warning(
                    "\(quoted(entry.name)) is set by the server, which refuses an update that contains it",
                    at: entry.key, help: "remove it")
            } else {
                check(entry, shape, names: names)
            }
        }
        checkType()
    }

    /// The top-level keys to suggest.
    private var names: [String] {
        shape.fieldNames.filter { name in
            !Self.serverNames.contains(name) && !Self.betaNames.contains { $0.key == name } && name != "tools"
        }
    }

    private func check(_ entry: Node.Entry, _ shape: FieldShape, names: [String]) {
        guard let inner = shape.field(entry.name) else {
            return diagnostics.warning(
                "no session has the key \(quoted(entry.name))\(Self.refusal)", at: entry.key,
                help: suggestion(for: entry.name, among: names, called: "known keys"))
        }
        check(entry.value, inner)
    }

    private func check(_ node: Node, _ shape: FieldShape) {
        guard shape.holdsFields, !shape.isAnything else { return }
        for element in node.list ?? [] { check(element, shape) }
        for entry in node.entries ?? [] { check(entry, shape, names: shape.fieldNames) }
    }

    private func checkType() {
        guard let type = node["type"], let name = type.string, !SessionType.known.map(\.rawValue).contains(name) else {
            return
        }
        diagnostics.warning(
            "no session has the type \(quoted(name))", at: type,
            help: suggestion(for: name, among: SessionType.known.map(\.rawValue), called: "types"))
    }

    /// Refuses functions in `tools`, which belong to handlers. Only the tools of MCP servers may be there.
    private func checkTools(_ entry: Node.Entry) {
        let elements = entry.value.list ?? [entry.value]
        guard let function = elements.first(where: { $0["type"]?.string != "mcp" }) else { return }
        diagnostics.error(
            "functions do not belong in `session`: a handler of the type `function_call` has them",
            at: entry.value.list == nil ? entry.value : function,
            help:
                "write them under `functions` of that handler, with `announce: true` beside it; only tools with `type: mcp` may stand here"
        )
    }

    private func warn(ofBetaName entry: Node.Entry, _ path: [String]?) {
        let help: String
        if let path {
            let nested = path.dropFirst().reversed().reduce("…") { "{\($1): \($0)}" }
            help = "write `\(path[0]): \(nested)`"
        } else {
            help = "remove it: there is no such key any more"
        }
        diagnostics.warning(
            "\(quoted(entry.name)) is a key of the beta\(Self.refusal)", at: entry.key, help: help)
    }

    private static let refusal = ", and the server refuses the whole update for it"
}
