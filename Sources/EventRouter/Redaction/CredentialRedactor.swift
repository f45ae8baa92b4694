import EventJSON
import RealtimeEvents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The fields of events that hold credentials. Their values are never shown or written.
package enum CredentialFields {
    /// The names with the closing quote that follows them in JSON.
    private static let quotedNames: [StaticString] = ["authorization\"", "headers\"", "client_secret\"", "api_key\""]
    private static let names = Set(quotedNames.map { String("\($0)".dropLast()) })

    /// Whether the value at a path is a credential or part of one.
    package static func holds(_ path: [String]) -> Bool { path.contains { names.contains($0) } }

    /// Replaces the credentials in a session's settings, including those of remote tool servers.
    static func removeAll(of settings: inout JSONObject) -> Bool {
        var isChanged = removeOwn(of: &settings)
        guard case .array(let tools)? = settings["tools"] else { return isChanged }
        let written = tools.map { tool -> JSONValue in
            guard case .object(var members) = tool, removeOwn(of: &members) else { return tool }
            isChanged = true
            return .object(members)
        }
        if isChanged { settings["tools"] = .array(written) }
        return isChanged
    }

    private static func removeOwn(of object: inout JSONObject) -> Bool {
        var isChanged = false
        for name in names where object[name]?.isNull == false {
            object[name] = .string(Redaction.mark)
            isChanged = true
        }
        return isChanged
    }

    /// Whether a text contains such a name as the key of a JSON object, spelled without escapes.
    static func mayBeIn(_ text: [UInt8]) -> Bool { anyStands(of: quotedNames, behind: UInt8(ascii: "\""), in: text) }

    /// Whether a text spells an ASCII letter with an escape such as `\u0061`. A name may be spelled so.
    static func mayBeEscaped(in text: [UInt8]) -> Bool {
        anyStands(of: ["u005", "u006", "u007"], behind: UInt8(ascii: "\\"), in: text)
    }

    private static func anyStands(of words: [StaticString], behind byte: UInt8, in text: [UInt8]) -> Bool {
        let span = text.span.bytes
        var start = 0
        while start < text.count, let found = offset(of: byte, from: start, in: text) {
            start = found + 1
            if words.contains(where: { span.begins(with: $0, at: start) }) { return true }
        }
        return false
    }

    private static func offset(of byte: UInt8, from start: Int, in text: [UInt8]) -> Int? {
        text.withUnsafeBytes { text in
            memchr(text.baseAddress! + start, Int32(byte), text.count - start).map {
                UnsafeRawPointer($0) - text.baseAddress!
            }
        }
    }
}

/// Removes credentials from events about a session's or a response's settings.
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
            && (CredentialFields.mayBeIn(event.bytes) || CredentialFields.mayBeEscaped(in: event.bytes))
    }

    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        var isChanged = false
        for name in ["session", "response"] {
            guard case .object(var settings)? = event[name], CredentialFields.removeAll(of: &settings) else { continue }
            event[name] = .object(settings)
            isChanged = true
        }
        return isChanged
    }

    func hides(_ path: [String], of type: EventType.Code) -> Bool { CredentialFields.holds(path) }

    func mayBeIn(_ line: [UInt8]) -> Bool { CredentialFields.mayBeIn(line) || CredentialFields.mayBeEscaped(in: line) }
}
