import EventJSON
import RealtimeEvents
import Testing

@testable import RealtimeConnection

/// When the router sends an update of its own, and which replies are to those.
@Suite struct RouterUpdatesTests {
    private let model: JSONObject = ["audio": ["input": ["transcription": ["model": "gpt-transcribe"]]]]

    private func tools(_ names: String...) -> JSONValue {
        .array(names.map { ["type": "function", "name": .string($0)] })
    }

    private func session(_ tools: JSONValue? = nil) -> JSONObject {
        var session: JSONObject = [
            "type": "realtime", "audio": ["input": ["transcription": ["model": "gpt-transcribe"]]],
        ]
        session["tools"] = tools
        return session
    }

    /// Updates that an expectation can change.
    private final class Updates {
        private var updates: RouterUpdates

        init(_ settings: JSONObject, _ names: [String]) {
            updates = RouterUpdates(settings: settings, functions: { names.map { Tool(function: $0) } })
        }

        func clientSends(isUpdate: Bool, id: String?) -> JSONObject? { updates.clientSends(isUpdate: isUpdate, id: id) }
        func routerSends(id: String?, session: JSONObject?) -> Bool { updates.routerSends(id: id, session: session) }
        func created(_ session: JSONObject) -> JSONObject? { updates.created(session) }
        func updated(_ session: JSONObject) -> (isOwn: Bool, update: JSONObject?) { updates.updated(session) }

        func refused(_ id: String?, parameter: String?) -> (isOwn: Bool, update: JSONObject?) {
            updates.refused(id, parameter: parameter)
        }
    }

    private func make(_ settings: JSONObject = [:], functions names: String...) -> Updates { Updates(settings, names) }

    @Test("What session.created lacks is sent with the client's first message, unless that is an update")
    func created_waitsForTheClient() {
        let updates = make(model, functions: "ours")
        #expect(updates.created(["type": "realtime"]) == nil)
        let first = updates.clientSends(isUpdate: false, id: nil)
        #expect(first == ["type": "realtime", "audio": model["audio"]!, "tools": tools("ours")])
        #expect(updates.clientSends(isUpdate: false, id: nil) == nil)

        let others = make(functions: "ours")
        #expect(others.created(session()) == nil)
        #expect(others.clientSends(isUpdate: true, id: "c1") == nil)
        let reply = others.updated(session(tools("theirs")))
        #expect(!reply.isOwn && reply.update == ["type": "realtime", "tools": tools("theirs", "ours")])
    }

    @Test("A session.created behind the client's first message is completed at once")
    func created_behindTheClientsMessage() {
        let updates = make(functions: "ours")
        #expect(updates.clientSends(isUpdate: false, id: nil) == nil)
        #expect(updates.created(session()) == ["type": "realtime", "tools": tools("ours")])
    }

    @Test("An update that the client sends before session.created comes is not overwritten by what that lacks")
    func created_behindTheClientsUpdate() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: true, id: nil)
        #expect(updates.created(session()) == nil)
        #expect(updates.updated(session(tools("theirs"))).update?["tools"] == tools("theirs", "ours"))
    }

    @Test("Replies are told apart by the order of the updates of both sides")
    func replies_inOrder() {
        let updates = make()
        _ = updates.clientSends(isUpdate: true, id: "c1")
        #expect(updates.routerSends(id: "r1", session: nil))
        _ = updates.clientSends(isUpdate: true, id: nil)
        #expect(updates.routerSends(id: "r2", session: nil))
        #expect((0..<4).map { _ in updates.updated(session()).isOwn } == [false, true, false, true])
        #expect(!updates.updated(session()).isOwn)
    }

    @Test("A session that has everything gets no update, whatever stands in its place")
    func completeSession_isLeftAlone() {
        let updates = make(
            ["audio": ["input": ["transcription": ["model": "a"], "noise_reduction": nil]], "include": ["x"]],
            functions: "ours")
        _ = updates.clientSends(isUpdate: false, id: nil)
        let whole: JSONObject = [
            "type": "realtime", "include": ["y"], "tools": tools("ours"),
            "audio": ["input": ["transcription": ["model": "b"], "noise_reduction": nil]],
        ]
        #expect(updates.created(whole) == nil)
        #expect(updates.updated(whole).update == nil)
    }

    @Test("Only the members that are missing or null are sent, however deep")
    func missingMembers() {
        let wanted: JSONObject = ["a": ["b": 1, "c": ["d": 2, "e": 3]], "f": 4, "g": nil]
        let has: JSONObject = ["a": ["b": 9, "c": ["d": nil, "x": 1]], "f": nil]
        #expect(RouterUpdates.missing(wanted, in: has) == ["a": ["c": ["d": 2, "e": 3]], "f": 4])
        #expect(RouterUpdates.missing(wanted, in: ["a": "text", "f": 1]) == nil)
    }

    @Test("tool_choice none is lifted only where the session had no function")
    func toolChoice() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: false, id: nil)
        var none = session()
        none["tool_choice"] = "none"
        #expect(updates.created(none) == ["type": "realtime", "tools": tools("ours"), "tool_choice": "auto"])
        none["tools"] = tools("theirs")
        #expect(updates.updated(none).update == ["type": "realtime", "tools": tools("theirs", "ours")])
    }

    @Test("Sessions of transcription get settings and no functions")
    func transcription_hasNoFunctions() {
        let updates = make(["include": ["x"]], functions: "ours")
        _ = updates.clientSends(isUpdate: false, id: nil)
        #expect(updates.created(["type": "transcription"]) == ["type": "transcription", "include": ["x"]])
    }

    @Test("Nothing is asked for while an update of either side is on its way")
    func pendingUpdates_areAwaited() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: true, id: "c1")
        _ = updates.clientSends(isUpdate: true, id: "c2")
        #expect(updates.updated(session(tools("one"))).update == nil)
        let update = updates.updated(session(tools("two"))).update
        #expect(update?["tools"] == tools("two", "ours"))
        #expect(updates.routerSends(id: "r1", session: update))
        #expect(updates.updated(session(tools("two", "ours"))) == (true, nil))
    }

    @Test("An update of ours is not sent where the client has sent one since it was made, and is made anew")
    func staleUpdate_isDropped() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: true, id: "c1")
        let stale = updates.updated(session(tools("one"))).update
        _ = updates.clientSends(isUpdate: true, id: "c2")
        #expect(stale != nil && !updates.routerSends(id: "r1", session: stale))
        let fresh = updates.updated(session(tools("two")))
        #expect(!fresh.isOwn && fresh.update?["tools"] == tools("two", "ours"))
        #expect(updates.routerSends(id: "r2", session: fresh.update))
        #expect(updates.updated(session(tools("two", "ours"))).isOwn)
    }

    @Test("A refused update of the client's that ours gave way to leads to ours again")
    func refusedClientsUpdate_asksAgain() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: true, id: "c1")
        let stale = updates.updated(session(tools("one"))).update
        _ = updates.clientSends(isUpdate: true, id: "c2")
        #expect(!updates.routerSends(id: "r1", session: stale))
        let refused = updates.refused("c2", parameter: nil)
        #expect(!refused.isOwn && refused.update?["tools"] == tools("one", "ours"))
    }

    @Test("A refused update of ours is hidden, and no other follows")
    func refusedOwnUpdate_isTheLast() {
        let updates = make(functions: "ours")
        _ = updates.clientSends(isUpdate: false, id: nil)
        let update = updates.created(session())
        #expect(updates.routerSends(id: "r1", session: update))
        #expect(updates.refused("r1", parameter: "session.tools") == (true, nil))
        _ = updates.clientSends(isUpdate: true, id: "c1")
        #expect(updates.updated(session()) == (false, nil))
    }

    @Test("Errors without an id belong to the client's first update without one, others to none")
    func errorsWithoutID() {
        let updates = make()
        _ = updates.clientSends(isUpdate: true, id: "c1")
        _ = updates.clientSends(isUpdate: true, id: nil)
        #expect(updates.routerSends(id: "r1", session: nil))
        #expect(updates.refused(nil, parameter: "item.content") == (false, nil))
        #expect(updates.refused("unknown", parameter: "session") == (false, nil))
        #expect(updates.refused(nil, parameter: "session.audio") == (false, nil))
        #expect((0..<2).map { _ in updates.updated(session()).isOwn } == [false, true])
    }

    @Test("Every order of two updates of either side, answered or refused, ties each reply to its update")
    func everyOrder() {
        for sides in 0..<16 {
            for refusals in 0..<16 {
                let updates = make()
                let own = (0..<4).map { sides >> $0 & 1 == 1 }
                for (number, isOwn) in own.enumerated() {
                    if isOwn {
                        #expect(updates.routerSends(id: "u\(number)", session: nil))
                    } else {
                        _ = updates.clientSends(isUpdate: true, id: "u\(number)")
                    }
                }
                let found = (0..<4).map { number in
                    refusals >> number & 1 == 1
                        ? updates.refused("u\(number)", parameter: "session").isOwn : updates.updated(session()).isOwn
                }
                #expect(found == own, "\(sides) \(refusals)")
            }
        }
    }
}
