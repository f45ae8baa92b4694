package import EventJSON

/// A name and a value that an operator assigns to a session, such as `tenant=acme`.
public struct SessionLabel: Sendable, Hashable {
    /// The label's name.
    public var name: String
    /// The label's value.
    public var value: String

    /// Creates a label.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension SessionLabel {
    /// The name of the field that holds the labels, in events and patterns.
    public static let field = "labels"

    /// The labels by name. If a name occurs twice, the last value wins.
    static func values(of labels: [SessionLabel]) -> [String: String] {
        Dictionary(labels.map { ($0.name, $0.value) }) { $1 }
    }

    /// The labels as a JSON object with the field ``field``, as in derived events.
    static func text(of labels: [SessionLabel]) -> [UInt8] {
        let values = values(of: labels).mapValues { JSONValue.string($0) }
        let object = JSONObject(values.map { (key: $0.key, value: $0.value) })
        return Array(JSONValue.object([field: .object(object)]).description.utf8)
    }
}

extension JSONWriter {
    /// Writes `session` and `labels` in the form that commands and workers read. No labels are written as an empty
    /// object.
    package mutating func origin(session: String?, labels: [String: String]) {
        field("session", session)
        let labels = labels.sorted { $0.key < $1.key }
        field("labels", JSONValue.object(JSONObject(labels.lazy.map { (key: $0.key, value: .string($0.value)) })))
    }
}
