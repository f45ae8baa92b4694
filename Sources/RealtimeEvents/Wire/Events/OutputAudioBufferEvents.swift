/// `output_audio_buffer.started`, `.stopped` and `.cleared`: the server's playout. Realtime API, GA and beta, WebRTC
/// and SIP.
public struct OutputAudioBufferEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response that is heard.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
