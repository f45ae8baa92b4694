import RealtimeEvents
import Testing

@Suite struct EventTypeTests {
    private static func code(_ name: String) -> (code: EventType.Code, isAlias: Bool) {
        EventType.code(ofWireName: Array(name.utf8).span.bytes)
    }

    @Test(arguments: EventType.Code.allCases.filter { $0 != .unknown })
    func everyCanonicalNameIsFound(code: EventType.Code) {
        let name = EventType.canonicalName(code).description
        #expect(Self.code(name) == (code, false))
        #expect(EventType(name) == EventType(code))
        #expect(EventType(name).name == name)
        #expect(EventType(code).isDerived == name.hasPrefix("router."))
    }

    @Test(arguments: EventType.betaNames.map { ($0.name.description, $0.code) })
    func betaNamesMeanTheirSuccessors(name: String, code: EventType.Code) {
        #expect(Self.code(name) == (code, true))
        #expect(EventType(name).name == EventType.canonicalName(code).description)
        #expect(name.replacing("response.", with: "response.output_") == EventType(name).name)
    }

    @Test(
        arguments: [
            "", "e", "ping", "errors", "erro", "Error", "session.creates", "session.createe", "xession.created",
            "response.done ", "response.dome", "conversation.item.input_audio_transcription.deltb",
            "conversation.item.input_audio_transcriptioN.delta",
            "conversation.item.input_audio_transcription.deltadelta",
            String(repeating: "a", count: 300),
        ])
    func otherNamesAreUnknownAndKept(name: String) {
        #expect(Self.code(name) == (.unknown, false))
        #expect(EventType(name).code == .unknown)
        #expect(EventType(name).name == name)
        #expect(EventType(name) == EventType(name))
        #expect(EventType(name) != .responseDone)
    }

    @Test func createdStaysAType() {
        #expect(EventType("conversation.item.created") != .conversationItemAdded)
    }

    @Test func knownNamesAreCanonical() {
        #expect(EventType.knownNames.count == EventType.Code.allCases.count - 1)
        #expect(EventType.knownNames.allSatisfy { EventType($0).name == $0 })
    }

    @Test func positionsAreOrdered() {
        let positions = [
            EventPosition(line: 3), EventPosition(line: 2, derived: 2), EventPosition(line: 2),
            EventPosition(line: 2, derived: 1),
        ]
        #expect(positions.sorted().map(\.description) == ["2", "2.1", "2.2", "3"])
    }
}
