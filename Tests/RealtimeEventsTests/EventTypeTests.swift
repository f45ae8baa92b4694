import RealtimeEvents
import Testing

@Suite struct EventTypeTests {
    private static func code(_ name: String) -> (code: EventType.Code, isAlias: Bool) {
        EventType.code(ofWireName: Array(name.utf8).span.bytes)
    }

    @Test("Every canonical name is found by its bytes", arguments: EventType.Code.allCases.filter { $0 != .unknown })
    func canonicalName_isFound(code: EventType.Code) {
        let name = EventType.canonicalName(code).description
        #expect(Self.code(name) == (code, false))
        #expect(EventType(name) == EventType(code))
        #expect(EventType(name).name == name)
        #expect(EventType(code).isDerived == name.hasPrefix("router."))
    }

    @Test(
        "A beta name means the GA type that replaced it",
        arguments: EventType.betaNames.map { ($0.name.description, $0.code) })
    func betaName_meansItsGASuccessor(name: String, code: EventType.Code) {
        #expect(Self.code(name) == (code, true))
        #expect(EventType(name).name == EventType.canonicalName(code).description)
        #expect(name.replacing("response.", with: "response.output_") == EventType(name).name)
    }

    @Test(
        "Any other name is unknown and keeps its text",
        arguments: [
            "", "e", "ping", "errors", "erro", "Error", "session.creates", "session.createe", "xession.created",
            "response.done ", "response.dome", "conversation.item.input_audio_transcription.deltb",
            "conversation.item.input_audio_transcriptioN.delta",
            "conversation.item.input_audio_transcription.deltadelta",
            String(repeating: "a", count: 300),
        ])
    func unknownName_isKept(name: String) {
        #expect(Self.code(name) == (.unknown, false))
        #expect(EventType(name).code == .unknown)
        #expect(EventType(name).name == name)
        #expect(EventType(name) == EventType(name))
        #expect(EventType(name) != .responseDone)
    }

    @Test("conversation.item.created is a type of its own")
    func itemCreated_staysAType() {
        #expect(EventType("conversation.item.created") != .conversationItemAdded)
    }

    @Test("The known names are the canonical ones")
    func knownNames_areCanonical() {
        #expect(EventType.knownNames.count == EventType.Code.allCases.count - 1)
        #expect(EventType.knownNames.allSatisfy { EventType($0).name == $0 })
    }

    @Test("Positions are ordered by line, then by derived event")
    func eventPosition_isOrdered() {
        let positions = [
            EventPosition(line: 3), EventPosition(line: 2, derived: 2), EventPosition(line: 2),
            EventPosition(line: 2, derived: 1),
        ]
        #expect(positions.sorted().map(\.description) == ["2", "2.1", "2.2", "3"])
    }
}
