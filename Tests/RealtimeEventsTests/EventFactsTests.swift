import EventJSON
import RealtimeEvents
import Testing

/// One event of the schema table, with its dialect and its direction.
struct EventFact: Sendable, CustomTestStringConvertible {
    var entry: Facts.Entry
    var dialect: Dialect
    var isServers: Bool

    var testDescription: String { "\(isServers ? "server" : "client") \(dialect) \(entry.name)" }

    static let all =
        facts(Facts.serverEvents, .realtime, isServers: true)
        + facts(Facts.translationServerEvents, .translation, isServers: true)
        + facts(Facts.clientEvents, .realtime, isServers: false)
        + facts(Facts.translationClientEvents, .translation, isServers: false)

    private static func facts(_ table: String, _ dialect: Dialect, isServers: Bool) -> [EventFact] {
        Facts.entries(table).map { EventFact(entry: $0, dialect: dialect, isServers: isServers) }
    }

    /// Decodes as the library does; nil when the type is unknown.
    func payload(_ object: JSONObject) -> (any EventPayload)? {
        guard isServers else { return ClientEvent(json: .object(object), dialect: dialect).payload }
        return ServerEvent(EventType(entry.name).code, dialect: dialect, json: .object(object)).payload
    }

    /// `type` is in every event of the table. `event_id` is a field of every payload, whether it is in the schema or
    /// not.
    var fields: [Facts.Field] {
        let head = ["type", "event_id"].filter { name in !entry.fields.contains { $0.name == name } }
        return head.map { Facts.Field(name: $0, form: .string(known: []), generations: ["wire"]) } + entry.fields
    }
}

@Suite struct EventFactsTests {
    @Test("Every event of the schemas has a type")
    func eventTypes_coverTheSchema() {
        let facts = EventFact.all
        #expect(
            facts.filter { $0.isServers && $0.dialect == .realtime && $0.entry.generations != ["wire"] }.count == 53)
        #expect(facts.filter { $0.isServers && $0.dialect == .translation }.count == 7)
        #expect(facts.filter { !$0.isServers && $0.dialect == .realtime }.count == 12)
        #expect(facts.filter { !$0.isServers && $0.dialect == .translation }.count == 3)
        let clients = facts.filter { !$0.isServers }
        #expect(EventFields.clientTypes == Set(clients.map(\.entry.name)).sorted())
        for type in EventFields.clientTypes {
            #expect(EventFields.shapes(ofClientType: type).count == clients.count { $0.entry.name == type })
        }
        let codes = Set(facts.filter(\.isServers).map { EventType($0.entry.name).code })
        #expect(codes == Set(EventType.Code.allCases.filter { $0 != .unknown && !$0.isDerived }))
    }

    @Test("A payload has the fields of its schema, none missing and none added", arguments: EventFact.all)
    func payloads_haveTheFieldsOfTheSchema(fact: EventFact) throws {
        let payload = try #require(fact.payload(["type": .string(fact.entry.name)]))
        expectSame(type(of: payload).fieldShapes, fact.fields, fact.testDescription)
    }

    @Test("A sample with every field decodes and encodes without loss", arguments: EventFact.all, SampleMaker.variants)
    func payloads_roundTripEveryField(fact: EventFact, variant: Int) throws {
        var maker = SampleMaker(variant: variant)
        let sample = maker.event(fact.entry)
        let payload = try #require(fact.payload(sample))
        #expect(payload.json == .object(sample))
        #expect(try JSONValue(parsing: payload.jsonBytes) == .object(sample))
        try expectSameFromText(payload, sample)
    }

    @Test("A field of an unexpected type becomes nil without affecting the others", arguments: EventFact.all)
    func payloads_dropOnlyTheUnexpectedField(fact: EventFact) throws {
        var maker = SampleMaker(variant: 0)
        for event in mutations(maker.event(fact.entry))
        where fact.isServers || event["type"]?.string == fact.entry.name {
            let payload = try #require(fact.payload(event))
            #expect(payload.json == .object(Facts.kept(fact.fields, event)))
            try expectSameFromText(payload, event)
        }
    }

    /// Expects that an event's text decodes to the same payload as its JSON tree.
    private func expectSameFromText<Payload: EventPayload>(_ payload: Payload, _ event: JSONObject) throws {
        #expect(try RealtimeEvent(json: JSONValue.object(event).description).decode(Payload.self) == payload)
    }

    /// The properties that all clients have known since the beta. None may be untyped in any payload.
    @Test(
        "The flat properties of the beta are typed in every payload",
        arguments: [
            "event_id", "type", "conversation", "previous_item_id", "item", "item_id", "content_index", "transcript",
            "logprobs", "delta", "error", "audio_end_ms", "audio_start_ms", "rate_limits", "response_id",
            "output_index",
            "part", "response", "call_id", "arguments", "text", "session",
        ])
    func flatProperties_areTyped(name: String) throws {
        let facts = EventFact.all.filter { fact in fact.isServers && fact.fields.contains { $0.name == name } }
        #expect(!facts.isEmpty)
        for fact in facts {
            let payload = try #require(fact.payload([:]))
            let shape = try #require(type(of: payload).fieldShapes.first { $0.name == name }?.shape)
            #expect(Form(shape).signature != "any")
        }
    }
}
