public import RealtimeEvents

/// The functions that the router's handlers run, as a source needs them that announces them itself.
public struct OfferedFunctions: Sendable {
    /// The functions that the model is to be told of, as a `session.update` declares them.
    public let announced: [Tool]
    /// The names of all functions, those included that somebody else declares.
    public let names: Set<String>

    /// Functions.
    ///
    /// - Parameters:
    ///   - announced: those that the model is to be told of.
    ///   - names: the names of all of them.
    public init(announced: [Tool] = [], names: Set<String> = []) {
        self.announced = announced
        self.names = names
    }
}
