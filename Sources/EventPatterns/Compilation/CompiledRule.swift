import ConfigSource

/// One way to satisfy a rule: conditions on fields that all have to hold.
struct CompiledRule: Sendable {
    /// The rule's place among the rules of its set, in ascending order of their ids.
    var position: Int32
    /// Its fields, the cheapest to try first.
    var fields: Slice
    /// Its groups of fields that can share arrays.
    var groups: Slice
    /// Whether some field may be absent.
    var allowsAbsence: Bool
}

/// Fields that begin with the same name, and so can lie in the same arrays; other fields never do.
struct CompiledGroup: Sendable {
    /// A run of members: fields, in the order of their paths.
    var members: Slice
    /// Whether some of them may be absent.
    var allowsAbsence: Bool
}

/// The conditions on one field.
struct CompiledField: Sendable {
    /// Where its values are in the slots.
    var slot: Int32
    /// A run of leaves; one value has to satisfy all of them.
    var leaves: Slice
    /// Whether the field may have no value.
    var allowsAbsence: Bool
    /// Where the field stands in its pattern.
    var location: SourceLocation
}
