import EventJSON
import EventRouter
import NIOCore
import RealtimeEvents
import Testing

@testable import RealtimeConnection

/// What a proxy makes of the messages of a session.
@Suite struct SessionFilterTests {
    private static let lookup = OfferedFunctions(
        announced: [Tool(function: "lookup")], names: ["lookup", "elsewhere"])

    private func filter(
        _ mode: ProxyOptions.Mode = .act, client: ProxyClient? = nil, _ change: (inout ProxyOptions) -> Void = { _ in }
    ) throws -> SessionFilter {
        var options = ProxyOptions(port: 0)
        options.mode = mode
        change(&options)
        let filter = SessionFilter(options, client, functions: { Self.lookup })
        return try #require(filter)
    }

    private func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    private func text(_ verdict: SessionFilter.Verdict) -> String? {
        if case .edited(let message) = verdict { String(buffer: message) } else { nil }
    }

    @Test("A proxy that only passes messages looks at none")
    func observer_hasNoFilter() {
        var options = ProxyOptions(port: 0)
        let passing = SessionFilter(options, nil, functions: { Self.lookup })
        #expect(passing == nil)
        options.labels = [ClientLabel("a", .request(.query("a")))]
        let labelling = SessionFilter(options, nil, functions: { Self.lookup })
        #expect(labelling == nil)
    }

    /// A conversation with a call of the client's and one of ours: what came of the server's messages, in order.
    private static let conversation: [(message: String, passes: Bool)] = [
        (#"{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"u1","type":"message"}}"#, true),
        (#"{"type":"response.created","response":{"id":"r1","output":[]}}"#, true),
        (
            #"{"type":"response.output_item.added","output_index":0,"item":{"id":"o1","type":"function_call","call_id":"c1","name":"lookup"}}"#,
            false
        ),
        (
            #"{"type":"conversation.item.added","previous_item_id":"u1","item":{"id":"o1","type":"function_call","call_id":"c1","name":"lookup"}}"#,
            false
        ),
        (#"{"type":"response.function_call_arguments.delta","item_id":"o1","call_id":"c1","delta":"{"}"#, false),
        (
            #"{"type":"response.output_item.added","output_index":1,"item":{"id":"t1","type":"function_call","call_id":"c2","name":"theirs"}}"#,
            true
        ),
        (#"{"type":"response.function_call_arguments.delta","item_id":"t1","call_id":"c2","delta":"{"}"#, true),
        (#"{"type":"response.function_call_arguments.done","item_id":"o1","call_id":"c1","arguments":"{}"}"#, false),
        (
            #"{"type":"conversation.item.done","previous_item_id":"u1","item":{"id":"o1","type":"function_call","call_id":"c1","name":"lookup"}}"#,
            false
        ),
        (#"{"type":"rate_limits.updated","rate_limits":[]}"#, true),
        (
            #"{"type":"conversation.item.added","previous_item_id":"t1","item":{"id":"x1","type":"function_call_output","call_id":"c1"}}"#,
            false
        ),
        (#"{"type":"conversation.item.deleted","item_id":"x1"}"#, false),
        (
            #"{"item":{"call_id":"c1","type":"function_call_output","id":"x1"},"type":"conversation.item.retrieved"}"#,
            false
        ),
    ]

    @Test("Everything about our calls is kept from the client, and all else passes as it came")
    func conversation() throws {
        let filter = try filter()
        for (message, passes) in Self.conversation {
            #expect(filter.server(bytes(message)) == (passes ? .pass : .hide), "\(message)")
        }
        #expect(filter.takeChanges() == nil)
    }

    @Test(
        "An item of ours as the predecessor becomes the nearest one that the client knows; the rest stays byte for byte"
    )
    func predecessor() throws {
        let filter = try filter()
        for (message, _) in Self.conversation { _ = filter.server(bytes(message)) }
        #expect(
            text(
                filter.server(
                    bytes(
                        #" { "previous_item_id" : "x1" , "item":{"id":"u2", "n":1.0}, "type":"conversation.item.added" } "#
                    )))
                == #" { "previous_item_id" : "t1" , "item":{"id":"u2", "n":1.0}, "type":"conversation.item.added" } "#)
        #expect(
            text(
                filter.server(bytes(#"{"type":"input_audio_buffer.committed","previous_item_id":"o1","item_id":"u3"}"#))
            )
                == #"{"type":"input_audio_buffer.committed","previous_item_id":"u1","item_id":"u3"}"#)
        // The name may be written with escapes.
        #expect(
            text(filter.server(bytes(#"{"previous_item_id":"\u006f1","type":"conversation.item.done"}"#)))
                == #"{"previous_item_id":"u1","type":"conversation.item.done"}"#)
        #expect(filter.server(bytes(#"{"type":"conversation.item.done","previous_item_id":"u1"}"#)) == .pass)
    }

    @Test("An item of ours at the beginning of the conversation leaves null as the predecessor")
    func predecessor_none() throws {
        let filter = try filter()
        let own =
            #"{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"o1","type":"function_call","call_id":"c","name":"lookup"}}"#
        #expect(filter.server(bytes(own)) == .hide)
        #expect(
            text(filter.server(bytes(#"{"type":"conversation.item.added","previous_item_id":"o1","item":{"id":"u"}}"#)))
                == #"{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"u"}}"#)
    }

    @Test("response.done passes without our call, and one without ours as it came")
    func response() throws {
        let filter = try filter()
        for (message, _) in Self.conversation { _ = filter.server(bytes(message)) }
        #expect(
            text(
                filter.server(
                    bytes(
                        #"{"response":{"id":"r1","output":[{"id":"o1","type":"function_call","call_id":"c1"},{"id":"t1","call_id":"c2"}]},"event_id":"e","type":"response.done"}"#
                    )))
                == #"{"response":{"id":"r1","output":[{"id":"t1","call_id":"c2"}]},"event_id":"e","type":"response.done"}"#
        )
        #expect(filter.server(bytes(#"{"type":"response.done","response":{"output":[{"id":"t1"}]}}"#)) == .pass)
    }

    @Test("The client's output for a call of ours is swallowed, its own passes")
    func outputs() throws {
        let filter = try filter()
        let own =
            #"{"item":{"output":"?","call_id":"c1","type":"function_call_output"},"type":"conversation.item.create"}"#
        #expect(filter.client(bytes(own)) == .pass)
        for (message, _) in Self.conversation { _ = filter.server(bytes(message)) }
        #expect(filter.client(bytes(own)) == .hide)
        #expect(filter.client(bytes(own.replacing("c1", with: "\\u00631"))) == .hide)
        #expect(filter.client(bytes(own.replacing("c1", with: "c2"))) == .pass)
        #expect(filter.client(bytes(own.replacing("function_call_output", with: "message"))) == .pass)
    }

    @Test("Names with escapes, and functions that somebody else declares, are ours too")
    func names() throws {
        let filter = try filter()
        func call(_ name: String) -> SessionFilter.Verdict {
            filter.server(
                bytes(
                    #"{"item":{"name":"\#(name)","type":"function_call","id":"i_\#(name.count)"},"type":"response.output_item.added"}"#
                ))
        }
        #expect(call(#"look\u0075p"#) == .hide)
        #expect(call("elsewhere") == .hide)
        #expect(call("lookups") == .pass)
        #expect(call("Lookup") == .pass)
    }

    @Test("Functions are added to the client's, and the reply to that is kept from it")
    func functions() throws {
        let filter = try filter()
        let created = #"{"session":{"type":"realtime","tools":[]},"type":"session.created"}"#
        #expect(filter.server(bytes(created)) == .pass)
        #expect(filter.takeChanges() == nil)
        #expect(filter.client(bytes(#"{"type":"input_audio_buffer.clear"}"#)) == .pass)
        let update = try #require(filter.takeChanges()?.update)
        #expect(update == ["type": "realtime", "tools": [["type": "function", "name": "lookup"]]])
        #expect(filter.routerSends(Self.update(update, id: "r1")))
        let updated =
            #"{"type":"session.updated","session":{"type":"realtime","tools":[{"type":"function","name":"lookup"}]}}"#
        #expect(filter.server(bytes(updated)) == .hide)
        #expect(filter.server(bytes(updated)) == .pass)
        #expect(filter.takeChanges() == nil)
    }

    private static func update(_ session: JSONObject, id: String) -> ClientEvent {
        ClientEvent(json: ["type": "session.update", "event_id": .string(id), "session": .object(session)])
    }

    @Test("An update of ours that the client's has overtaken is not to be sent")
    func staleUpdate() throws {
        let filter = try filter()
        _ = filter.server(bytes(#"{"type":"session.created","session":{"type":"realtime"}}"#))
        _ = filter.client(bytes(#"{"type":"input_audio_buffer.clear"}"#))
        let update = try #require(filter.takeChanges()?.update)
        _ = filter.client(bytes(#"{"type":"session.update","session":{"tools":[{"name":"theirs"}]}}"#))
        #expect(!filter.routerSends(Self.update(update, id: "r1")))
        #expect(
            filter.server(
                bytes(#"{"type":"session.updated","session":{"type":"realtime","tools":[{"name":"theirs"}]}}"#))
                == .pass)
        #expect(
            filter.takeChanges()?.update?["tools"] == [["name": "theirs"], ["type": "function", "name": "lookup"]])
    }

    @Test("Errors that answer events of ours are kept from the client, others pass")
    func errors() throws {
        let filter = try filter()
        #expect(filter.routerSends(ClientEvent(json: ["type": "response.create", "event_id": "r1"])))
        #expect(filter.routerSends(Self.update([:], id: "r2")))
        func error(_ id: String) -> SessionFilter.Verdict {
            filter.server(
                bytes(#"{"error":{"event_id":\#(id),"param":"session.tools"},"type":"error","event_id":"r1"}"#))
        }
        #expect(error(#""r1""#) == .hide)
        #expect(error(#""r2""#) == .hide)
        #expect(error(#""theirs""#) == .pass)
        #expect(error("null") == .pass)
    }

    @Test("Settings are added in mode observe, functions are not, and calls pass")
    func settings() throws {
        let filter = try filter(.observe) { $0.ensure = SessionSettings(["include": ["a"]]) }
        _ = filter.client(bytes(#"{"type":"response.create"}"#))
        #expect(filter.server(bytes(#"{"type":"session.created","session":{"type":"realtime"}}"#)) == .pass)
        #expect(filter.takeChanges()?.update == ["type": "realtime", "include": ["a"]])
        for (message, _) in Self.conversation { #expect(filter.server(bytes(message)) == .pass) }
    }

    @Test("Only allowed types pass for a client that is held to some")
    func allowedTypes() throws {
        var client = try #require(ProxyClient(name: "web", tokenSHA256: String(repeating: "0", count: 64)))
        client.allowedTypes = ["response.create"]
        let filter = try filter(.observe, client: client)
        #expect(filter.client(bytes(#"{"a":1,"type":"response.create"}"#)) == .pass)
        #expect(filter.client(bytes(#"{"type":"response\u002ecreate"}"#)) == .pass)
        #expect(
            filter.client(bytes(#"{"type":"session.update"}"#))
                == .forbidden("this token may not send `session.update`"))
        #expect(filter.client(bytes("{}")) == .forbidden("this token may not send ``"))
        #expect(filter.client(bytes("[]")) == .forbidden("no event"))
        #expect(filter.client(bytes("hello")) == .forbidden("no event"))
        #expect(filter.server(bytes(#"{"type":"anything"}"#)) == .pass)
    }

    @Test(
        "A type that is said twice cannot pass for an allowed one",
        arguments: [
            #"{"type":"response.create","type":"session.update"}"#,
            #"{"type":"session.update","type":"response.create"}"#,
        ])
    func doubledType(message: String) throws {
        var client = try #require(ProxyClient(name: "web", tokenSHA256: String(repeating: "0", count: 64)))
        client.allowedTypes = ["response.create"]
        guard case .forbidden = try filter(.observe, client: client).client(bytes(message)) else {
            Issue.record("\(message) passed")
            return
        }
    }

    @Test("What is no JSON object passes in both directions")
    func nonJSON() throws {
        let filter = try filter()
        for message in ["", "[]", "null", "{", "hello", #"{"type":"session.updated""#, "\u{0}"] {
            #expect(filter.client(bytes(message)) == .pass)
            #expect(filter.server(bytes(message)) == .pass)
        }
    }

    @Test("Labels come from the client's first update only")
    func labels() throws {
        let filter = try filter(.observe) { options in
            options.labels = [
                ClientLabel("group", .session(["tracing", "group_id"])), ClientLabel("n", .session(["n"])),
                ClientLabel("none", .session(["tracing", "x"])), ClientLabel("object", .session(["tracing"])),
                ClientLabel("yes", .session(["yes"])),
            ]
        }
        #expect(filter.client(bytes(#"{"type":"response.create"}"#)) == .pass)
        #expect(filter.takeChanges() == nil)
        let update = #"{"session":{"n":1.50,"yes":true,"tracing":{"group_id":"a\nb"}},"type":"session.update"}"#
        #expect(filter.client(bytes(update)) == .pass)
        #expect(
            filter.takeChanges()?.labels == [
                SessionLabel("group", "a\nb"), SessionLabel("n", "1.50"), SessionLabel("yes", "true"),
            ])
        #expect(filter.client(bytes(update)) == .pass)
        #expect(filter.takeChanges() == nil)
    }
}
