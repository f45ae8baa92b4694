import EventJSON

extension JSONWriter {
    /// Writes a member, or nothing when the value is unknown.
    mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    mutating func field(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        int(value)
    }
}
