import EventJSON
import RealtimeEvents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Fields of events whose values are credentials: nobody is shown them, and nobody writes them down.
public enum SecretFields {
    private static let names: Set<String> = ["authorization", "headers", "client_secret", "api_key"]

    /// Whether what stands under a path is a credential, or lies within one.
    public static func holds(_ path: [String]) -> Bool { path.contains { names.contains($0) } }

    /// Takes credentials out of the settings of a session: its own, and those of servers whose tools it may use.
    static func takeOut(of settings: inout JSONObject) -> Bool {
        var isChanged = takeOwn(of: &settings)
        guard case .array(let tools)? = settings["tools"] else { return isChanged }
        let written = tools.map { tool -> JSONValue in
            guard case .object(var members) = tool, takeOwn(of: &members) else { return tool }
            isChanged = true
            return .object(members)
        }
        if isChanged { settings["tools"] = .array(written) }
        return isChanged
    }

    private static func takeOwn(of object: inout JSONObject) -> Bool {
        var isChanged = false
        for name in names where object[name]?.isNull == false {
            object[name] = .string(Redaction.mark)
            isChanged = true
        }
        return isChanged
    }

    /// Whether a text has such a name among the names of a JSON object, spelled without escapes.
    static func mayBeIn(_ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { text in
            guard let base = text.baseAddress else { return false }
            var start = 0
            while let quote = memchr(base + start, Int32(UInt8(ascii: "\"")), text.count - start) {
                start = UnsafeRawPointer(quote) - base + 1
                if quotedNames.contains(where: { text[start...].starts(with: $0) }) { return true }
            }
            return false
        }
    }

    /// Whether a text spells some letter of ASCII with an escape such as `\u0061`, as it may do with those of a name.
    static func mayBeEscaped(in text: [UInt8]) -> Bool {
        var rest = text[...]
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            let escape = text[backslash...].prefix(5)
            if escape.starts(with: Array("\\u00".utf8)), (UInt8(ascii: "5")...UInt8(ascii: "7")).contains(escape.last!)
            {
                return true
            }
            rest = text[(backslash + 1)...]
        }
        return false
    }

    /// What stands behind the quote that begins a name.
    private static let quotedNames = names.map { Array("\($0)\"".utf8) }
}

/// Takes credentials out of what a server says of a session.
struct CredentialRedactor: EventRedactor {
    func concerns(_ type: EventType.Code) -> Bool {
        switch type {
        case .sessionCreated, .sessionUpdated, .transcriptionSessionCreated, .transcriptionSessionUpdated, .unknown:
            true
        default: false
        }
    }

    func concerns(_ event: RealtimeEvent) -> Bool {
        concerns(event.type.code)
            && (SecretFields.mayBeIn(event.bytes) || SecretFields.mayBeEscaped(in: event.bytes))
    }

    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        guard case .object(var settings)? = event["session"], SecretFields.takeOut(of: &settings) else { return false }
        event["session"] = .object(settings)
        return true
    }

    func hides(_ path: [String], of type: EventType.Code) -> Bool { SecretFields.holds(path) }

    func mayBeIn(_ line: [UInt8]) -> Bool { SecretFields.mayBeIn(line) }
}
