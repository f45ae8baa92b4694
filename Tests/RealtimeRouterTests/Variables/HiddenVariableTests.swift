import RealtimeRouter
import Testing

/// What a variable holds is shown by no message about any option of any handler type that comes with the router.
@Suite struct HiddenVariableTests {
    /// What is wrong nearly everywhere, each in its own way, and the piece of it that must not be seen.
    private static let values = [
        ("s3cret-t0ken", "s3cret"), ("918273645", "918273645"), ("-918273645.5", "918273645"),
        ("918273645KB", "918273645"), ("918273645 min", "918273645"), ("SECRETWORD=x y", "SECRETWORD"),
        ("secretword\nnext: [", "secretword"), ("{secretword}", "secretword"), ("\u{1B}[31msecretword", "secretword"),
        (String(repeating: "secretword ", count: 20), "secretword"),
    ]

    private static let types = HandlerRegistry.standard.types

    @Test(arguments: types)
    func noMessageShowsIt(_ type: String) throws {
        let options = try #require(HandlerRegistry.standard.form(type)?.options)
        let common =
            #""on_full": "${V}", "queue_capacity": "${V}", "shared_queue_bytes": "${V}", "#
            + #""retry": {"attempts": "${V}", "backoff": "${V}"}"#
        let documents =
            [common]
            + options.keys.flatMap { key in
                Self.texts(key.value).map { "\"\(key.name)\": \($0)" }
            }
        var messages = 0
        for document in documents {
            for (value, secret) in Self.values {
                let text = """
                    version: 1
                    handlers: {h: {"type": "\(type)", \(document)}}
                    routes: [{name: r, match: {type: error}, to: h}]
                    """
                let diagnostics = Diagnostics()
                _ = RouteConfiguration.read(
                    SourceFile(path: "routes.yml", text: text), registry: .standard,
                    context: HandlerContext(variable: { $0 == "V" ? value : nil }), diagnostics)
                messages += diagnostics.items.count
                let said = diagnostics.rendered() + diagnostics.json()
                #expect(!said.contains(secret), "\(document) with \(value.debugDescription)\n\(said)")
            }
        }
        #expect(messages >= 4 * Self.values.count - 4)
    }

    /// JSON of a form with the variable at each place that there is for a text.
    private static func texts(_ form: ValueForm) -> [String] {
        switch form {
        case .section(let section): section.keys.flatMap { key in texts(key.value).map { "{\"\(key.name)\": \($0)}" } }
        case .mapping(let value, _): texts(value).map { "{\"x\": \($0)}" }
        case .list(let element, _): texts(element).map { "[\($0)]" }
        case .either(let forms): forms.flatMap(texts)
        case .command: [#"["${V}"]"#]
        default: [#""${V}""#, #""a ${V} z""#]
        }
    }
}
