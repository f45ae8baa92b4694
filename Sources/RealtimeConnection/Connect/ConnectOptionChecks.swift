import ConfigSource
import EventRouter
import LocalCommands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Checks for contradictory options of a `connect` source, and for files and programs that do not exist.
extension ConnectOptionKeys {
    static func check(_ connect: ConnectOptions, _ options: inout SourceOptions) {
        checkModel(connect, &options)
        checkAudio(connect, &options)
        checkSecrecy(connect, &options)
        checkKeyCommand(&options)
        if case .file(let path) = connect.trust {
            if !connect.url.isSecure {
                options.diagnostics.warning(
                    "`ca` has no effect: a `ws://` address uses no TLS", at: options.section.node(ca.name)!,
                    help: "remove it, or write `wss://`")
            }
            checkFile(path, ca.name, &options)
        }
    }

    private static func checkModel(_ connect: ConnectOptions, _ options: inout SourceOptions) {
        guard let model = connect.model, let (item, value) = connect.modelOfURL, value != model else { return }
        options.section.error(
            "`model` has no effect: `\(item)=\(value.printable)` in `url` takes precedence", at: self.model.name,
            help: "keep one of them")
    }

    private static func checkAudio(_ connect: ConnectOptions, _ options: inout SourceOptions) {
        switch connect.audio?.origin {
        case .standardInput?:
            guard connect.audio?.sendsAtFullSpeed == true else { return }
            options.section.error(
                "`audio_pace: max` is for files; standard input is sent as it arrives", at: audioPace.name,
                help: "remove it")
        case .file(let path)?: checkFile(path, audioIn.name, &options)
        case nil: break
        }
    }

    /// Reports an API key that would be sent unencrypted over a network. Without a key, nothing is reported.
    private static func checkSecrecy(_ connect: ConnectOptions, _ options: inout SourceOptions) {
        let variable = options.context.variable(ConnectOptions.keyVariable) ?? ""
        let hasKey = options.section.has(apiKey.name) || options.section.has(keyCommand.name) || !variable.isEmpty
        guard hasKey || connect.hasCredentialHeader, connect.showsKeyInTheClear("key") else { return }
        options.section.error(
            "the key would cross the network in the clear", at: url.name, help: ConnectOptions.clearHelp)
    }

    private static func checkKeyCommand(_ options: inout SourceOptions) {
        guard options.context.looksForPrograms, let words = options.section.stringList(keyCommand.name),
            let concern = LocalCommand(words, baseFolder: options.folder).concern()
        else { return }
        let program = options.section.node(keyCommand.name)?.list?.first ?? options.section.node
        options.diagnostics.warning(concern.message, at: program, help: concern.help)
    }

    private static func checkFile(_ path: String, _ key: String, _ options: inout SourceOptions) {
        guard options.context.looksForPrograms, access(path, R_OK) != 0, let node = options.section.node(key)
        else { return }
        let reason = errno == ENOENT ? "no such file" : String(cString: strerror(errno))
        options.diagnostics.warning("\(path.printable): \(reason)", at: node)
    }

    /// Reports an invalid `url`. A user name and password in the text are masked in the diagnostic.
    static func reportURL(_ text: String, _ options: inout SourceOptions) {
        guard let node = options.section.node(url.name) else { return }
        guard let user = WebSocketURL.userInfo(in: text) else {
            return options.diagnostics.error(
                "`url` must be an address such as `\(ConnectOptions.openAI)`, and this is `\(text.prefix { $0 != "?" })`",
                at: node)
        }
        options.diagnostics.add(
            Diagnostic(
                .error, "`url` must not hold a user's name or a password", at: node.file == nil ? nil : node.location,
                in: node.file.map { $0.hiding(user) },
                help: "remove what stands before `@`; the key is `api_key: ${NAME}`"))
    }
}

extension ConnectOptions {
    /// How to fix a key that would be sent unencrypted.
    static let clearHelp =
        "use `wss://`, or allow it with `authorization: bearer` in a source of routes.yml, or `none` to send no key"

    /// Whether a key would be sent unencrypted over a network, and no explicit `authorization` allows it.
    func showsKeyInTheClear(_ key: String?) -> Bool {
        !address.isSecure && !address.isLocal && authorization == nil
            && (!credentials(key).isEmpty || hasCredentialHeader)
    }

    /// The query item of ``url`` that names the model.
    var modelOfURL: (item: String, value: String)? {
        for item in ["model", "deployment"] {
            if let value = url.query(item) { return (item, value) }
        }
        return nil
    }
}

extension WebSocketURL {
    /// The user information before `@` in the authority of an address; nil if there is no `@`.
    static func userInfo(in text: String) -> String? {
        let rest = text.firstRange(of: "//").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A password may contain a slash that should have been percent-encoded.
        guard let end = authority.lastIndex(of: "@") ?? rest.lastIndex(of: "@") else { return nil }
        return String(rest[..<end])
    }
}

extension SourceFile {
    /// A copy of the file with `***` in place of a text.
    fileprivate func hiding(_ text: String) -> SourceFile {
        let shown = String(decoding: bytes, as: UTF8.self)
        return text.isEmpty ? self : SourceFile(path: path, text: shown.replacing(text, with: "***"))
    }
}
