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
