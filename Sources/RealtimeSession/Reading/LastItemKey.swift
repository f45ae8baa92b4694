/// The key of the item that an event named last: all its deltas name it, and to compare an id is much quicker than to hash it.
struct LastItemKey: Sendable {
    private var id = KeptText()
    private var key: IDKey?

    /// The key of the id in a field; nil when the field is no string, or empty.
    mutating func key(_ field: Int, _ event: borrowing EventReader) -> IDKey? {
        let index = event.index(field)
        guard event.hasText(at: index) else { return nil }
        return event.withText(at: index) { id in
            if let key, self.id.equals(id) { return key }
            let key = IDKey(id)
            self.id.keep(id)
            self.key = key
            return key
        }
    }
}
