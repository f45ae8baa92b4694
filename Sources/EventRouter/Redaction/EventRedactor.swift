public import EventJSON
public import RealtimeEvents
public import RecordFiles

/// Takes out of events what nobody may write down: an argument of a function, a card number that a caller said.
///
/// Rules match events as they came. What comes behind the rules gets them from the table's redactors: every handler but those
/// that run function calls, the dead letters and explanations. So a handler that writes events does not have to know of any.
///
/// A redactor is called by many sessions at a time. It takes out what it cannot read, rather than let it pass.
public protocol EventRedactor: Sendable {
    /// Whether events of a type can hold something that it takes out; it is not shown others.
    func concerns(_ type: EventType.Code) -> Bool

    /// Whether an event can hold it, as far as a quick look at its text says; an event that cannot is not even decoded.
    ///
    /// The default goes by the type alone.
    func concerns(_ event: RealtimeEvent) -> Bool

    /// Takes it out, by putting ``Redaction/mark`` in its place.
    ///
    /// - Returns: whether there was anything to take out.
    func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool

    /// Whether what stands under a path of events of a type is something that it takes out, so that no explanation shows it.
    func hides(_ path: [String], of type: EventType.Code) -> Bool

    /// Whether a line that is no event, or too long for one, can hold it. Of such a line nothing but the length is kept.
    func mayBeIn(_ line: [UInt8]) -> Bool

    /// Takes it out of a value that is no event: what a function was called with and gave, the words of an error.
    ///
    /// - Returns: whether there was anything to take out. The default takes out nothing.
    func redact(_ value: inout JSONValue) -> Bool

    /// Takes the end of a text out that broke off there, where that may be the first half of something that it takes out.
    ///
    /// - Returns: whether there was anything to take out. The default takes out nothing.
    func redactEnd(of text: inout String) -> Bool
}

extension EventRedactor {
    /// Whether events of its type can hold it.
    public func concerns(_ event: RealtimeEvent) -> Bool { concerns(event.type.code) }

    /// Takes out nothing.
    public func redact(_ value: inout JSONValue) -> Bool { false }

    /// Takes out nothing.
    public func redactEnd(of text: inout String) -> Bool { false }
}

/// A handler, or the executor of a function, that knows what nobody may write down.
///
/// Both properties are asked for once, when a table is made, before anything is started. An ``EventHandler`` adopts it, and so does a
/// ``FunctionCallExecutor``: the handler of type `function_call` joins what its executors know.
public protocol SecretKeeping: Sendable {
    /// What is taken out of events before other handlers, dead letters and explanations get them. The default is nothing.
    var redactors: [any EventRedactor] { get }

    /// The values of environment variables that its programs get and may print. Journals, dead letters and logs show `${NAME}` instead.
    /// The default is none.
    var secrets: SecretValues { get }
}

extension SecretKeeping {
    /// Nothing in events is secret.
    public var redactors: [any EventRedactor] { [] }
    /// No variable is passed on.
    public var secrets: SecretValues { SecretValues() }
}
