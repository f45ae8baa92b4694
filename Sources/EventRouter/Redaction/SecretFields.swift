import EventJSON
import RealtimeEvents

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

    /// Whether a text has such a name among the names of a JSON object.
    static func mayBeIn(_ text: [UInt8]) -> Bool {
        names.contains { name in
            let quoted = Array("\"\(name)\"".utf8)
            return text.count >= quoted.count
                && text.indices.dropLast(quoted.count - 1).contains {
                    text[$0] == quoted[0] && text[$0..<($0 + quoted.count)].elementsEqual(quoted)
                }
        }
    }
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

    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        guard case .object(var settings)? = event["session"], SecretFields.takeOut(of: &settings) else { return false }
        event["session"] = .object(settings)
        return true
    }

    func hides(_ path: [String], of type: EventType.Code) -> Bool { SecretFields.holds(path) }

    func mayBeIn(_ line: [UInt8]) -> Bool { SecretFields.mayBeIn(line) }
}
