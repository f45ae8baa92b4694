import EventJSON

/// A message of the client that the play has yet to use.
struct ClientMessage {
    /// Which one it is, counted from 1 without audio.
    let number: Int
    let event: JSONObject
    let bytes: [UInt8]

    var type: String { event["type"]?.string ?? "" }
    var eventID: String? { event["event_id"]?.string }
    var item: JSONObject? { event["item"]?.object }
}

/// Why a server refuses an event.
struct Refusal {
    let code: String
    let message: String
    var param: String?
    /// Whether the real server's answer is harmless, so that the client did nothing wrong.
    var isHarmless = false
}
