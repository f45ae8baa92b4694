import RealtimeEvents

/// What is measured of a finished transcription: what it cost.
struct MeasuredTranscription: WireObject {
    var usage: MeasuredUsage?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("usage", &usage)
    }
}
