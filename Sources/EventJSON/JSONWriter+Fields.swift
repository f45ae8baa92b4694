extension JSONWriter {
    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        int(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        double(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: JSONValue?) {
        guard let value else { return }
        key(name)
        self.value(value)
    }

    /// Writes names and values as an object, sorted by name, or nothing when there are none.
    public mutating func field(_ name: StaticString, _ labels: [String: String]?) {
        guard let labels, !labels.isEmpty else { return }
        key(name)
        beginObject()
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) {
            key(label)
            string(value)
        }
        endObject()
    }
}
