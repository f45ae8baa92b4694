import Foundation
import RealtimeRouter
import Testing

/// The reference of events in `Documentation/reference` and the definitions that it is made of.
///
/// With UPDATE_EXPECTED in the environment the files are written, and the test fails all the same: look at the change and run it again.
@Suite(.timeLimit(.minutes(5))) struct EventReferenceTests {
    private static let reference = Task { try await EventReference() }

    @Test("The committed reference has every event, field and value of the definitions, and nothing else")
    func reference_isInStepWithTheDefinitions() async throws {
        let reference = try await Self.reference.value
        let folder = EventReference.package + "/Documentation/reference"
        for page in reference.pages {
            let path = "\(folder)/\(page.name)"
            let written = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            guard written != page.text else { continue }
            if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try page.text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            Issue.record(
                """
                Documentation/reference/\(Self.firstDifference(in: page.name, written, page.text))
                UPDATE_EXPECTED=1 scripts/test --filter EventReferenceTests writes the files anew
                """)
        }
    }

    private static func firstDifference(in name: String, _ written: String, _ expected: String) -> String {
        let lines = [written, expected].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        let count = zip(lines[0], lines[1]).prefix { $0 == $1 }.count
        let shown = lines.map { count < $0.count ? String($0[count]) : "the end" }
        return "\(name):\(count + 1): found \(shown[0].debugDescription), expected \(shown[1].debugDescription)"
    }

    @Test("Every known event is described, and no description is left of one that is gone")
    func reference_describesEveryEvent() {
        let known = EventReference.types
        #expect(Set(EventDescription.server.keys) == Set(known.filter { !$0.isDerived }.map(\.name)))
        #expect(Set(EventDescription.derived.keys) == Set(known.filter(\.isDerived).map(\.name)))
        #expect(Set(EventDescription.client.keys) == Set(EventFields.clientTypes))
        #expect(EventDescription.derived.values.allSatisfy { $0.rule != nil })
    }

    @Test("Every field and every value of the router's own has a sentence")
    func reference_hasASentenceForEveryField() async throws {
        #expect(try await Self.reference.value.undescribed == [])
    }

    @Test(
        "`check` has nothing to say about the rules of the reference", arguments: EventDescription.derived.keys.sorted()
    )
    func rule_isFreeOfMistakes(_ type: String) throws {
        let rule = try #require(EventDescription.derived[type]?.rule)
        #expect(rule.contains("type: \(type)"))
        let text = """
            version: 1
            handlers: { console: { type: console } }
            routes:
              - \(rule)
            """
        let diagnostics = Diagnostics()
        _ = RouteConfiguration.read(SourceFile(path: "routes.yml", text: text), registry: .standard, diagnostics)
        #expect(diagnostics.rendered() == "")
    }

    @Test("Every sample of a derived event has only fields of the reference")
    func sample_hasOnlyKnownFields() async throws {
        let reference = try await Self.reference.value
        for type in EventReference.types where type.isDerived {
            let sample = try #require(reference.sample(type.name, from: .server), "\(type.name) has no sample")
            let names = Set(type.payloadTypes.flatMap { EventFields.fields(of: $0).names })
            guard case .object(let object) = sample else { continue }
            #expect(Set(object.map(\.0)).subtracting(names) == [], "\(type.name)")
        }
    }
}
