import Testing

/// Diagnostics for `match` with `direction: client`, and for client events without it.
@Suite struct ClientMatchTests {
    @Test(arguments: [
        DoubtfulMatch(
            "{type: ‸session.update}", "`session.update` is an event of the client",
            help: "write `direction: client` beside `type`"),
        DoubtfulMatch(
            "{direction: server, type: [error, ‸response.create]}", "`response.create` is an event of the client",
            help: "write `direction: client` beside `type`"),
    ])
    func clientType_withoutDirection_isReported(_ match: DoubtfulMatch) { match.check() }

    @Test(arguments: [
        DoubtfulMatch(
            "{type: ‸input_audio_buffer.comit}", "unknown event type `input_audio_buffer.comit`",
            help:
                "did you mean `input_audio_buffer.commit`, an event of the client? write `direction: client` beside `type`"
        ),
        DoubtfulMatch(
            "{type: [‸{prefix: response.canc}]}", "this matches no known event type of the server",
            help: "for the events of the client write `direction: client` beside `type`"),
        DoubtfulMatch(
            "{direction: client, type: ‸response.done}", "`response.done` is no event of the client",
            help: "leave out `direction`"),
        DoubtfulMatch(
            "{direction: client, type: ‸router.turn.done}", "`router.turn.done` is no event of the client",
            help: "leave out `direction`"),
        DoubtfulMatch(
            "{direction: client, type: ‸sesion.update}", "unknown event type `sesion.update`",
            help: "did you mean `session.update`?"),
        DoubtfulMatch(
            "{direction: client, type: ‸respons.done}", "unknown event type `respons.done`",
            help: "did you mean `response.done`, an event of the server?"),
        DoubtfulMatch(
            "{direction: client, type: ‸response}", "unknown event type `response`",
            help: "for all types that begin so write `[{prefix: response.}]`"),
        DoubtfulMatch(
            "{direction: client, type: [‸{prefix: router.}]}", "this matches no known event type"),
        DoubtfulMatch(
            "{direction: client, type: session.update, ‸sesion: {voice: x}}", "`session.update` has no field `sesion`",
            help: "did you mean `session`?"),
        DoubtfulMatch(
            "{direction: client, type: response.create, response: {‸voices: x}}",
            "`response.create` has no field `response.voices`", help: "did you mean `voice`?"),
        DoubtfulMatch(
            "{direction: client, type: conversation.item.create, item: {type: ‸mesage}}",
            "`mesage` is not a known value of `item.type`",
            help: "did you mean `message`? if not, write `[{exactly: mesage}]`"),
        DoubtfulMatch(
            "‸{direction: client}",
            "this takes every event of the client, each piece of its audio too: the handler `out` is made for none in particular",
            help: "say which: `type: session.update`"),
        DoubtfulMatch(
            "‸{direction: client, event_id: x}",
            "this takes every event of the client, each piece of its audio too: the handler `out` is made for none in particular",
            help: "say which: `type: session.update`"),
    ])
    func direction_withServerType_isReported(_ match: DoubtfulMatch) { match.check() }

    @Test(arguments: [
        DoubtfulMatch(
            "{direction: ‸clients, type: session.update}",
            "`direction` must be `server` or `client`, and this is the string `clients`", help: "did you mean `client`?"
        ),
        DoubtfulMatch(
            "{direction: ‸[client], type: session.update}",
            "`direction` must be `server` or `client`, and this is a list"),
        DoubtfulMatch(
            "{$or: [{‸direction: client, type: session.update}, {type: error}]}",
            "`direction` stands beside `$or`, and not in it: a pattern takes the events of one side",
            help: "make a route for each side"),
    ])
    func direction_invalid_isAnError(_ match: DoubtfulMatch) { match.check(severity: "error") }

    @Test("Nothing is said of what is right")
    func clientMatch_valid_isAccepted() {
        for match in [
            "{direction: client, type: session.update, session: {audio: {output: {voice: marin}}}}",
            "{direction: client, type: [{prefix: input_audio_buffer.}]}",
            "{direction: client, type: conversation.item.create, item: {type: message, role: user}}",
            "{direction: client, type: session.update, labels: {tenant: acme}}",
            "{direction: client, $or: [{type: response.create}, {type: response.cancel}]}",
            "{direction: server, type: error}",
        ] {
            #expect(DoubtfulMatch.reported("  - {name: a, match: \(match), to: out}") == "", "\(match)")
        }
    }

    @Test(arguments: [
        SectionMistake(
            "a handler that takes calls",
            more: "  - {name: a, match: {direction: client, type: session.update}, to: [out, tools]}\n",
            rendered: """
                routes.yml:9:75: error: the handler `tools` takes function calls, and no events of the client
                    9 |   - {name: a, match: {direction: client, type: session.update}, to: [out, tools]}
                      |                                                                           ^
                   help: send them to another handler, or leave out `direction`
                """),
        SectionMistake(
            "a handler that is made for other events",
            more: "  - {name: a, match: {direction: client}, to: log}\n",
            rendered: """
                routes.yml:9:47: error: the handler `log` is made for no events of the client
                    9 |   - {name: a, match: {direction: client}, to: log}
                      |                                               ^
                   help: name the events: `match: {direction: client, type: session.update}`
                """),
        SectionMistake(
            "a direction beside `match`",
            more: "  - {name: a, direction: client, match: {type: session.update}, to: out}\n",
            rendered: """
                routes.yml:9:15: error: unknown key `direction`
                    9 |   - {name: a, direction: client, match: {type: session.update}, to: out}
                      |               ^
                   help: put it under `match`: `match: {direction: client}`

                routes.yml:9:48: warning: `session.update` is an event of the client
                    9 |   - {name: a, direction: client, match: {type: session.update}, to: out}
                      |                                                ^
                   help: write `direction: client` beside `type`
                """),
        SectionMistake(
            "a route that the one before leaves nothing",
            more: """
                  - {name: server, match: {type: response.create}, stop: true, to: out}
                  - {name: rest, match: {direction: client}, stop: true}
                  - {name: b, match: {direction: client, type: session.update}, to: out}

                """,
            rendered: """
                routes.yml:9:34: warning: `response.create` is an event of the client
                    9 |   - {name: server, match: {type: response.create}, stop: true, to: out}
                      |                                  ^
                   help: write `direction: client` beside `type`

                routes.yml:11:5: warning: the route `b` never fires: `rest` in line 10 takes all its events, and stops them
                   11 |   - {name: b, match: {direction: client, type: session.update}, to: out}
                      |     ^
                   help: put it before `rest`, or take `stop` away from that
                """, isLoaded: true),
    ])
    func clientRoute_unusableHandler_isReported(_ mistake: SectionMistake) { mistake.check() }
}
