import RealtimeEvents

/// What is measured of a `router.response.done`, which is a `ResponseSummary`.
struct MeasuredResponse: WireObject {
    var responseID: String?
    var status: String?
    var reason: String?
    var errorCode: String?
    var usage: MeasuredUsage?
    var firstOutputMs: Int?
    var durationMs: Int?
    var audioMs: Int?
    var revised: Bool?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("response_id", &responseID)
        coder.field("status", &status)
        coder.field("reason", &reason)
        coder.field("error_code", &errorCode)
        coder.field("usage", &usage)
        coder.field("first_output_ms", &firstOutputMs)
        coder.field("duration_ms", &durationMs)
        coder.field("audio_ms", &audioMs)
        coder.field("revised", &revised)
    }
}
