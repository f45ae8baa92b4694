public import EventJSON

/// The closing words of a handler, for programs and for people.
public struct HandlerSummary: Sendable, Hashable {
    /// Stands under `metrics` in the JSON summary, by the handler's name.
    public var json: JSONValue
    /// Lines for a person, without line ends.
    public var lines: [String]

    /// Makes a summary from its two forms.
    public init(json: JSONValue, lines: [String]) {
        self.json = json
        self.lines = lines
    }
}
