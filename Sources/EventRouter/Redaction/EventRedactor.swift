public import EventJSON
public import RealtimeEvents
public import RecordFiles

/// Removes sensitive data from events: an argument of a function, a card number that a caller said.
///
/// Rules match events before redaction. The handlers, the dead letters and the explanations get redacted events; only
/// handlers that run function calls get the original events. So a handler that writes events needs no redaction of its
/// own.
///
/// Many sessions call a redactor at a time. It must remove what it cannot parse rather than let it pass.
public protocol EventRedactor: Sendable {
    /// Whether events of a type can hold data that this redactor removes. It gets no events of other types.
    func concerns(_ type: EventType.Code) -> Bool

    /// Whether an event can hold such data, judged by a quick look at its text. If not, the event is not even decoded.
    ///
    /// The default checks only the type.
    func concerns(_ event: RealtimeEvent) -> Bool

    /// Replaces the data with ``Redaction/mark``.
    ///
    /// - Returns: Whether anything was replaced.
    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool

    /// Whether this redactor removes the value at a path in events of a type. Explanations do not show such a value.
    func hides(_ path: [String], of type: EventType.Code) -> Bool

    /// Whether a line that is not an event, or is too long, can hold such data. If so, only the line's length is kept.
    func mayBeIn(_ line: [UInt8]) -> Bool

    /// Replaces the data in a value that is not an event: the arguments or output of a function, the message of an
    /// error.
    ///
    /// - Returns: Whether anything was replaced. The default replaces nothing.
    func redact(_ value: inout JSONValue) -> Bool

    /// Replaces the end of a truncated text if it may be the first part of such data.
    ///
    /// - Returns: Whether anything was replaced. The default replaces nothing.
    func redactEnd(of text: inout String) -> Bool
}

extension EventRedactor {
    /// Whether events of its type can hold such data.
    public func concerns(_ event: RealtimeEvent) -> Bool { concerns(event.type.code) }

    /// Replaces nothing.
    public func redact(_ value: inout JSONValue) -> Bool { false }

    /// Replaces nothing.
    public func redactEnd(of text: inout String) -> Bool { false }
}

/// A handler, or the executor of a function, that knows sensitive data.
///
/// The router reads both properties once, when a table is made, before anything is started. An ``EventHandler`` or a
/// ``FunctionCallExecutor`` can adopt this protocol. The handler of type `function_call` includes the redactors and
/// secrets of its executors.
public protocol SecretKeeping: Sendable {
    /// The redactors of events for other handlers, dead letters and explanations. The default is none.
    var redactors: [any EventRedactor] { get }

    /// The values of environment variables that the handler's programs get and may print. Journals, dead letters and
    /// logs show `${NAME}` instead. The default is none.
    var secrets: SecretValues { get }
}

extension SecretKeeping {
    /// No redactors.
    public var redactors: [any EventRedactor] { [] }
    /// No secrets.
    public var secrets: SecretValues { SecretValues() }
}
