internal import RealtimeEvents

/// The derived types that somebody listens to, as bits: asked on every delta.
struct ObservedTypes: Sendable {
    private var bits: UInt32 = 0

    init(_ codes: Set<EventType.Code>) {
        for code in codes where code.isDerived {
            precondition(Self.bit(code) != 0, "there is no bit left for the derived type \(code)")
            bits |= Self.bit(code)
        }
    }

    func contains(_ code: EventType.Code) -> Bool {
        bits & Self.bit(code) != 0
    }

    var hasUtterances: Bool {
        contains(.routerUtteranceUpdated) || contains(.routerUtteranceHeard) || contains(.routerUtteranceDone)
            || contains(.routerUtteranceRevised)
    }

    private static func bit(_ code: EventType.Code) -> UInt32 {
        1 << UInt32(code.rawValue - EventType.Code.routerSessionStarted.rawValue)
    }
}
