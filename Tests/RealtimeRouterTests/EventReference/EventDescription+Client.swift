extension EventDescription {
    /// The events that clients send, by type.
    static let client: [String: EventDescription] = [
        "conversation.item.create": EventDescription(
            "Adds an item to the conversation: a message, or the output of a function call.",
            "The server answers with `conversation.item.added` and `conversation.item.done`, and begins no response."),
        "conversation.item.delete": EventDescription(
            "Deletes an item.", "The server answers with `conversation.item.deleted`."),
        "conversation.item.retrieve": EventDescription(
            "Asks for an item with its audio.", "The server answers with `conversation.item.retrieved`."),
        "conversation.item.truncate": EventDescription(
            "Cuts the audio of an assistant's item to the part that was played.",
            "When the user interrupted an answer. The server answers with `conversation.item.truncated`."),
        "input_audio_buffer.append": EventDescription(
            "Adds audio of the user to the input buffer.", "The server does not confirm it."),
        "input_audio_buffer.clear": EventDescription(
            "Discards the audio in the input buffer.", "The server answers with `input_audio_buffer.cleared`."),
        "input_audio_buffer.commit": EventDescription(
            "Makes the audio in the input buffer an item of the user.",
            "For sessions in which the server does not detect turns. The server answers with `input_audio_buffer.committed`."
        ),
        "output_audio_buffer.clear": EventDescription(
            "Stops the audio that the server plays.",
            "After `response.cancel`. The server answers with `output_audio_buffer.cleared`.",
            in: "GA and beta, with WebRTC and SIP"),
        "response.cancel": EventDescription(
            "Stops a response.", "The server answers with `response.done` and the status `cancelled`."),
        "response.create": EventDescription(
            "Asks for a response.",
            "One response at a time may write to the conversation. The server answers with `response.created`."
        ),
        "session.update": EventDescription(
            "Changes the session's configuration.",
            "After `session.created`. The server answers with `session.updated`, or refuses the whole update with `error`.",
            in: "GA, beta and translation"),
        "transcription_session.update": EventDescription(
            "Changes the configuration of a session that only transcribes.",
            "The server answers with `transcription_session.updated`.", in: "beta"),
        "session.close": EventDescription(
            "Ends the translation.", "The server answers with `session.closed`.", in: "translation"),
        "session.input_audio_buffer.append": EventDescription(
            "Sends audio of the speaker.", "The server does not confirm it.", in: "translation"),
    ]
}
