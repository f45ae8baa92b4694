package import EventJSON

/// A name and a value that the operator gives a session, such as `tenant=acme`.
public struct SessionLabel: Sendable, Hashable {
    /// The label's name.
    public var name: String
    /// The label's value.
    public var value: String

    /// Makes a label.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension SessionLabel {
    /// The field under which events and patterns have the labels.
    public static let field = "labels"

    /// The labels by name; the last one of a name counts.
    static func values(of labels: [SessionLabel]) -> [String: String] {
        Dictionary(labels.map { ($0.name, $0.value) }) { $1 }
    }

    /// The labels as a JSON object with the field ``field``, as derived events have it.
    static func text(of labels: [SessionLabel]) -> [UInt8] {
        let values = values(of: labels).mapValues { JSONValue.string($0) }
        let object = JSONObject(values.map { (key: $0.key, value: $0.value) })
        return Array(JSONValue.object([field: .object(object)]).description.utf8)
    }
}

extension JSONWriter {
    /// Writes `session` and `labels` as commands and workers read them: without labels an empty object.
    package mutating func origin(session: String?, labels: [String: String]) {
        field("session", session)
        let labels = labels.sorted { $0.key < $1.key }
        field("labels", JSONValue.object(JSONObject(labels.lazy.map { (key: $0.key, value: .string($0.value)) })))
    }
}
