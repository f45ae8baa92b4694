public import RecordFiles

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
