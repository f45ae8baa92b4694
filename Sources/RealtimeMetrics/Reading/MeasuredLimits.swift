import RealtimeEvents

/// What is measured of a `rate_limits.updated`.
struct MeasuredLimits: WireObject {
    var limits: [Limit]?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("rate_limits", &limits)
    }

    /// One limit; a server may name any number.
    struct Limit: WireObject {
        var name: String?
        var limit: Double?
        var remaining: Double?
        var resetSeconds: Double?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("name", &name)
            coder.field("limit", &limit)
            coder.field("remaining", &remaining)
            coder.field("reset_seconds", &resetSeconds)
        }
    }
}
