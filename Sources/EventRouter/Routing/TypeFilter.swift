import RealtimeEvents

/// A set of event types, asked for every event: a bit for each known type, names for the others.
struct TypeFilter: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var unknown: Set<String> = []

    init(_ types: [EventType]) {
        for type in types {
            switch type.code.rawValue {
            case 0: unknown.insert(type.name)
            case let code where code < 64: low |= 1 << UInt64(code)
            case let code:
                precondition(code < 128, "there is no bit left for the type \(type.name)")
                high |= 1 << UInt64(code - 64)
            }
        }
    }

    func contains(_ code: EventType.Code) -> Bool {
        let raw = code.rawValue
        return raw < 64 ? low >> UInt64(raw) & 1 == 1 : high >> UInt64(raw - 64) & 1 == 1
    }

    /// Whether the name of a type without a code matters.
    var needsNames: Bool { !unknown.isEmpty }

    /// As above; the name is looked at only for types without a code.
    func contains(_ code: EventType.Code, name: String) -> Bool {
        code == .unknown ? unknown.contains(name) : contains(code)
    }
}
