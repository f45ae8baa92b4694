import EventJSON
import EventRouter
import RealtimeEvents

/// Redacts the arguments that a function's policy keeps from being written.
///
/// A call's arguments arrive in up to six events, and not all of them name the function. Where the name is unknown, the
/// names that any function redacts are applied. Deltas are redacted completely.
struct ArgumentRedactor: EventRedactor {
    /// The names of redacted arguments, by function; most functions have none.
    private let hidden: [String: Set<String>]
    /// The names that at least one function redacts.
    private let all: Set<String>
    /// The maximum nesting depth of arguments, including JSON inside strings, since the search is recursive. Deeper
    /// values are redacted.
    private static let maximumDepth = 100

    /// - Parameter hidden: for each function, the names of the redacted arguments.
    init(_ hidden: [String: Set<String>]) {
        self.hidden = hidden
        all = hidden.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// Whether no function redacts anything.
    var isEmpty: Bool { all.isEmpty }

    func concerns(_ type: EventType.Code) -> Bool {
        switch type {
        case .unknown, .conversationItemAdded, .conversationItemCreated, .conversationItemDone,
            .conversationItemRetrieved, .responseCreated, .responseDone, .responseFunctionCallArgumentsDelta,
            .responseFunctionCallArgumentsDone, .responseOutputItemAdded, .responseOutputItemDone,
            .routerFunctionCallReady, .routerFunctionCallDone:
            true
        default: false
        }
    }

    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        switch type {
        case .responseFunctionCallArgumentsDelta:
            event["delta"] = .string(Redaction.mark)
            return true
        case .responseFunctionCallArgumentsDone, .routerFunctionCallReady, .routerFunctionCallDone:
            return redactCall(&event)
        default:
            var isChanged = false
            if type == .unknown, event["delta"] != nil, event["type"]?.string?.contains("arguments") == true {
                event["delta"] = .string(Redaction.mark)
                isChanged = true
            }
            guard case .object(let redacted)? = withoutCalls(.object(event), isUnknown: type == .unknown) else {
                return isChanged
            }
            event = redacted
            return true
        }
    }

    func hides(_ path: [String], of type: EventType.Code) -> Bool {
        guard let index = path.firstIndex(of: "arguments") else { return false }
        // Arguments in a string contain all arguments.
        return path.count == index + 1 ? !isEmpty : path[index...].contains(where: all.contains)
    }

    /// The word may also be spelt with escapes.
    func mayBeIn(_ line: [UInt8]) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        return !isEmpty && (text.contains("arguments") || text.contains("\\u"))
    }

    /// The arguments in redacted form; nil if they need no redaction.
    func redacted(_ arguments: JSONValue?, of function: String?) -> JSONValue? {
        let names = function.flatMap { hidden[$0] } ?? all
        guard !names.isEmpty, let arguments else { return nil }
        switch arguments {
        case .object: return Self.without(HiddenNames(names), arguments)
        case .null: return nil
        case .string(let text) where text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A }: return nil
        case .string(let text):
            guard let value = try? JSONValue(parsing: text), case .object = value else { break }
            return Self.without(HiddenNames(names), value).map { .string($0.description) }
        default: break
        }
        return .string(Redaction.mark)
    }

    /// The texts and numbers of a call's redacted arguments, the longest first, so that a text is replaced before its
    /// parts.
    func redactedTexts(of call: FunctionCall) -> [String] {
        guard let name = call.name, let names = hidden[name], let arguments = call.arguments else { return [] }
        return Self.texts(in: arguments, under: names, isHidden: false).sorted { $0.count > $1.count }
    }

    private static func texts(
        in value: JSONValue, under names: Set<String>, isHidden: Bool, depth: Int = 0
    ) -> [String] {
        switch value {
        case _ where depth == maximumDepth: []
        case .object(let object):
            object.flatMap {
                texts(in: $0.value, under: names, isHidden: isHidden || names.contains($0.key), depth: depth + 1)
            }
        case .array(let elements):
            elements.flatMap { texts(in: $0, under: names, isHidden: isHidden, depth: depth + 1) }
        // The plain text, and its form in JSON.
        case .string(let text) where isHidden && !text.isEmpty:
            [text, String(value.description.dropFirst().dropLast())]
        case .string(let text) where !isHidden:
            nested(text).map { texts(in: $0, under: names, isHidden: false, depth: depth + 1) } ?? []
        case .number where isHidden: [value.description]
        default: []
        }
    }

    private func redactCall(_ call: inout JSONObject) -> Bool {
        guard let redacted = redacted(call["arguments"], of: call["name"]?.string) else { return false }
        call["arguments"] = redacted
        return true
    }

    /// A value with redacted calls; nil if nothing was redacted.
    ///
    /// - Parameter isUnknown: whether the event's type is unknown: then every object with `arguments` counts as a call.
    private func withoutCalls(_ value: JSONValue, isUnknown: Bool) -> JSONValue? {
        if case .object(var object) = value,
            object["type"]?.string == "function_call" || isUnknown && object["arguments"] != nil
        {
            let isChanged = redactCall(&object)
            guard isUnknown else { return isChanged ? .object(object) : nil }
            let rest = Self.replacing(.object(object)) { name, inner in
                name == "arguments" ? nil : withoutCalls(inner, isUnknown: true)
            }
            return rest ?? (isChanged ? .object(object) : nil)
        }
        return Self.replacing(value) { _, inner in withoutCalls(inner, isUnknown: isUnknown) }
    }

    /// A value without the members of these names, at any depth and in JSON inside strings; nil if there are none.
    private static func without(_ names: HiddenNames, _ value: JSONValue, depth: Int = 0) -> JSONValue? {
        guard depth < maximumDepth else { return .string(Redaction.mark) }
        if case .string(let text) = value {
            if let inner = nested(text) {
                return without(names, inner, depth: depth + 1).map { .string($0.description) }
            }
            return names.mayContainValue(in: text) ? .string(Redaction.mark) : nil
        }
        return replacing(value) { name, inner in
            name.map(names.contains) == true ? .string(Redaction.mark) : without(names, inner, depth: depth + 1)
        }
    }

    /// The object or array that a string contains as JSON; nil for any other string.
    private static func nested(_ text: String) -> JSONValue? {
        guard let value = try? JSONValue(parsing: text) else { return nil }
        return switch value {
        case .object, .array: value
        default: nil
        }
    }

    /// A value with replaced members or elements; nil if nothing was replaced.
    private static func replacing(
        _ value: JSONValue, _ replacement: (_ name: String?, _ inner: JSONValue) -> JSONValue?
    ) -> JSONValue? {
        var isChanged = false
        func replaced(_ name: String?, _ inner: JSONValue) -> JSONValue {
            guard let other = replacement(name, inner) else { return inner }
            isChanged = true
            return other
        }
        switch value {
        case .object(let object):
            let changed = JSONObject(object.map { (key: $0.key, value: replaced($0.key, $0.value)) })
            return isChanged ? .object(changed) : nil
        case .array(let elements):
            let changed = elements.map { replaced(nil, $0) }
            return isChanged ? .array(changed) : nil
        default: return nil
        }
    }
}
