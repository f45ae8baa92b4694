import RealtimeEvents

/// What is measured of a transcription that ended: its usage, and what that belongs to.
struct MeasuredTranscription: WireObject {
    var eventID: String?
    var itemID: String?
    var contentIndex: Int?
    var usage: MeasuredUsage?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("event_id", &eventID)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("usage", &usage)
    }
}
