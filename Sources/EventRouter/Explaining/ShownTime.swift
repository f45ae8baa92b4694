package import RealtimeEvents

/// The time at which people are shown an event, in seconds since the session began.
package enum ShownTime {
    /// The time of an event; nil when nothing says it.
    ///
    /// Words are shown at the time when they were spoken, not when the order of the conversation let them pass.
    package static func seconds(of event: RealtimeEvent) -> Double? {
        switch event.type.code {
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            (try? event.decode(Utterance.self))?.endedMs.map { Double($0) / 1000 } ?? event.at
        default: event.at
        }
    }

    /// The whole tenths of a second that are shown; nil for a time that no session has.
    package static func tenths(_ seconds: Double) -> Int? {
        // A recording may say any time.
        abs(seconds) < 1e12 ? Int((seconds * 10).rounded()) : nil
    }
}
