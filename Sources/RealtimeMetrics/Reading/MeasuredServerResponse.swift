import RealtimeEvents

/// What is measured of a `response.done` of the server: its usage, in the response, or beside it as xAI has it.
struct MeasuredServerResponse: WireObject {
    var response: Response?
    var responseID: String?
    var usage: MeasuredUsage?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("response", &response)
        coder.field("response_id", &responseID)
        coder.field("usage", &usage)
    }

    struct Response: WireObject {
        var id: String?
        var usage: MeasuredUsage?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("id", &id)
            coder.field("usage", &usage)
        }
    }
}
