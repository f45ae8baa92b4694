extension EventDescription {
    /// The events that the router derives, by type.
    static let derived: [String: EventDescription] = [
        "router.session.started": EventDescription(
            "A session began.", "After the first event of a session.",
            rule: "{ name: sessions, match: { type: router.session.started, kind: realtime }, to: console }"),
        "router.session.ended": EventDescription(
            "A session ended.", "As the last of the session's events.",
            rule:
                "{ name: lost sessions, match: { type: router.session.ended, reason: [disconnected, expired] }, to: console }"
        ),
        "router.utterance.updated": EventDescription(
            "Words of an utterance arrived: a live caption.",
            "With each piece of a transcript or of a text. `text` has the words so far, `delta` the new ones.",
            rule: "{ name: captions, match: { type: router.utterance.updated, role: user }, to: console }"),
        "router.utterance.heard": EventDescription(
            "The words of an utterance are final.",
            "Immediately when the server has sent all words, so not in the order of the conversation: the user's words often arrive after the answer.",
            rule:
                "{ name: refunds, match: { type: router.utterance.heard, role: user, text: [ { phrase: \"refund*\" } ] }, to: console }"
        ),
        "router.utterance.done": EventDescription(
            "The words of an utterance are final, in the order of the conversation.",
            "Once for an utterance, after all that come before it in the conversation. Missing words hold the others back for `transcript_timeout` at most.",
            rule: "{ name: transcript, match: { type: router.utterance.done, role: assistant }, to: console }"),
        "router.utterance.revised": EventDescription(
            "A later event changed an utterance that `router.utterance.done` had reported.",
            "When the server truncates the item, or sends other words for it.",
            rule:
                "{ name: corrections, match: { type: router.utterance.revised, status: interrupted }, to: console }"),
        "router.function_call.ready": EventDescription(
            "A function call is complete and may run.",
            "Once for a call, however many server events carry it. Interrupted calls, and MCP calls, which the server runs, have none.",
            rule:
                "{ name: weather, match: { type: router.function_call.ready, name: get_weather, arguments: { city: Lisbon } }, to: console }"
        ),
        "router.function_call.done": EventDescription(
            "A function call has its outcome.",
            "Once for a call that a handler ran, refused or found in the recording.",
            rule:
                "{ name: failed calls, match: { type: router.function_call.done, state: [failed, timed_out] }, to: console }"
        ),
        "router.response.done": EventDescription(
            "A response ended; the event has its tokens and its times.",
            "With `response.done`, and again with `revised` if the server corrects the usage.",
            rule:
                "{ name: cut answers, match: { type: router.response.done, reason: max_output_tokens }, to: console }"),
        "router.response.interrupted": EventDescription(
            "A response was cut off, mostly because the user began to speak.",
            "Once for a response. Where the client truncates the item, the event waits for that, so that `heard_ms` is known.",
            rule:
                "{ name: interruptions, match: { type: router.response.interrupted, reason: turn_detected }, to: console }"
        ),
        "router.turn.done": EventDescription(
            "The user spoke and was answered.",
            "When the first response of the turn that has words or sound ends. The transcript of what the user said may come later.",
            rule:
                "{ name: slow answers, match: { type: router.turn.done, latency_ms: [ { numeric: [ \">\", 1500 ] } ] }, to: console }"
        ),
        "router.turn.stalled": EventDescription(
            "The user waits, and no answer comes.",
            "When the user spoke or the model called a function, and nothing came for `stalled_after` (10 s).",
            rule: "{ name: stalls, match: { type: router.turn.stalled, after: call }, to: console }"),
        "router.user.idle": EventDescription(
            "The session waits for its user.",
            "When the user said nothing for `idle_after` (30 s), and for each further step of it.",
            rule:
                "{ name: are you still there, match: { type: router.user.idle, step: 2 }, once_per: turn, to: console }"
        ),
        "router.error.raised": EventDescription(
            "Something went wrong, in any part of the session.",
            "With an `error` event, a failed or incomplete response, transcription, function call or MCP call, and when the router does not send a client event.",
            rule: "{ name: alarms, match: { type: router.error.raised, class: [session, fatal] }, to: console }"),
        "router.session.expiring": EventDescription(
            "The server will end the session soon.",
            "Once for a session, `expiry_notice` (5 min) before the end that the server announced or that `session_lifetime` (60 min) gives.",
            rule: "{ name: long sessions, match: { type: router.session.expiring }, to: console }"),
        "router.session.limit": EventDescription(
            "A live session comes near a limit of its source, and ends there.",
            "30 s before `max_duration`, immediately if that is shorter, and at 90 % of `max_cost`.",
            rule: "{ name: budget, match: { type: router.session.limit, limit: max_cost }, to: console }",
            example: """
                {"type":"router.session.limit","event_id":"call-7/session.limit/max_cost","session":"call-7","session_id":"sess_1","turn":12,"cause":"event_812","limit":"max_cost","cost":2.26,"max_cost":2.5}
                """),
        "router.connection.lost": EventDescription(
            "The connection to the server was lost, and the session goes on.",
            "Once for a loss, in sessions whose source connects again.",
            rule: "{ name: losses, match: { type: router.connection.lost }, to: console }",
            example: """
                {"type":"router.connection.lost","event_id":"call-7/connection.lost/1","session":"call-7","session_id":"sess_1","turn":3,"cause":"event_212","reason":"reset by peer"}
                """),
        "router.connection.restored": EventDescription(
            "The connection to the server is there again.", "After `router.connection.lost`.",
            rule: "{ name: new sessions, match: { type: router.connection.restored, renewed: true }, to: console }",
            example: """
                {"type":"router.connection.restored","event_id":"call-7/connection.restored/1","session":"call-7","session_id":"sess_1","turn":3,"cause":"event_212","attempt":2,"gap_ms":1380,"renewed":true}
                """),
    ]
}
