import ConfigSource
import RealtimeEvents

/// Warns of keys in `session` for which a server refuses the whole update: those of the beta, and those that no session has.
struct SessionLint {
    let node: Node
    let diagnostics: Diagnostics
    /// What the API takes.
    let form: PlaceForm

    /// Where the API has what the beta called otherwise; nil where it has it no more.
    private static let betaNames: KeyValuePairs<String, [String]?> = [
        "modalities": ["output_modalities"], "voice": ["audio", "output", "voice"],
        "speed": ["audio", "output", "speed"], "input_audio_format": ["audio", "input", "format"],
        "output_audio_format": ["audio", "output", "format"],
        "input_audio_transcription": ["audio", "input", "transcription"],
        "input_audio_noise_reduction": ["audio", "input", "noise_reduction"],
        "turn_detection": ["audio", "input", "turn_detection"], "max_response_output_tokens": ["max_output_tokens"],
        "temperature": nil,
    ]
    /// What only the server says.
    private static let serverNames = ["id", "object", "expires_at", "client_secret"]

    init(_ node: Node, diagnostics: Diagnostics) {
        self.node = node
        self.diagnostics = diagnostics
        let isTranslation = node["type"]?.string == SessionType.translation.rawValue
        form = PlaceForm([.object(isTranslation ? TranslationSession.self : Session.self)])
    }

    func check() {
        for entry in node.entries ?? [] {
            if entry.name == "tools" {
                checkTools(entry)
            } else if let beta = Self.betaNames.first(where: { $0.key == entry.name }) {
                warn(ofBetaName: entry, beta.value)
            } else if Self.serverNames.contains(entry.name) {
                diagnostics.warning(
                    "\(quoted(entry.name)) is what the server says of a session, and an update with it is refused",
                    at: entry.key, help: "remove it")
            } else {
                check(entry, form, names: names)
            }
        }
        checkType()
    }

    /// The keys to suggest at the top.
    private var names: [String] {
        form.fieldNames.filter { name in
            !Self.serverNames.contains(name) && !Self.betaNames.contains { $0.key == name } && name != "tools"
        }
    }

    private func check(_ entry: Node.Entry, _ form: PlaceForm, names: [String]) {
        guard let inner = form.field(entry.name) else {
            return diagnostics.warning(
                "no session has the key \(quoted(entry.name))\(Self.refusal)", at: entry.key,
                help: suggestion(for: entry.name, among: names, called: "known keys"))
        }
        check(entry.value, inner)
    }

    private func check(_ node: Node, _ form: PlaceForm) {
        guard form.holdsFields, !form.isAnything else { return }
        for element in node.list ?? [] { check(element, form) }
        for entry in node.entries ?? [] { check(entry, form, names: form.fieldNames) }
    }

    private func checkType() {
        guard let type = node["type"], let name = type.string, !SessionType.known.map(\.rawValue).contains(name) else {
            return
        }
        diagnostics.warning(
            "no session has the type \(quoted(name))", at: type,
            help: suggestion(for: name, among: SessionType.known.map(\.rawValue), called: "types"))
    }

    /// Functions belong to handlers; only the tools of MCP servers have no handler.
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
