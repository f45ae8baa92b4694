import Foundation
import RealtimeRouter

/// The reference of events as Markdown, made of the definitions that decode events and that `check` knows fields by.
struct EventReference {
    /// A file of the reference.
    struct Page {
        let name: String
        let text: String
    }

    /// The folder of the package.
    static let package = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
    /// The folder of this file.
    static let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    /// The types of the events that servers send and that the router derives.
    static let types = EventType.Code.allCases.filter { $0 != .unknown }.map { EventType($0) }

    private let samples: EventSamples
    private let tables: FieldTables

    /// Reads the definitions and the samples.
    init() async throws {
        samples = try await EventSamples.read()
        tables = FieldTables(try DocumentedTypes(folder: Self.package + "/Sources/RealtimeEvents"), samples)
    }

    /// Fields and values that have no sentence.
    var undescribed: [String] { tables.undescribed }

    /// A sample of an event; nil if there is none.
    func sample(_ type: String, from side: SessionSide) -> JSONValue? {
        if let example = EventDescription.derived[type]?.example { return try? JSONValue(parsing: Array(example.utf8)) }
        return samples.best(type, from: side)
    }

    /// The files.
    var pages: [Page] { [overview, derivedPage, serverPage, clientPage, objectPage] }
}

// MARK: - The pages

extension EventReference {
    private static let note = """
        <!-- Generated from Sources/RealtimeEvents. To write it again: UPDATE_EXPECTED=1 scripts/test --filter EventReferenceTests -->
        """

    private static let derivedFile = "derived-events.md"
    private static let serverFile = "server-events.md"
    private static let clientFile = "client-events.md"

    private var derivedTypes: [String] { Self.types.filter(\.isDerived).map(\.name) }

    private var serverTypes: [String] {
        Self.types.filter { !$0.isDerived }.map(\.name).sorted()
    }

    private var overview: Page {
        let derived = rows(derivedTypes, EventDescription.derived, Self.derivedFile)
        let server = rows(serverTypes, EventDescription.server, Self.serverFile)
        let client = rows(EventFields.clientTypes, EventDescription.client, Self.clientFile)
        return Page(
            name: "events.md",
            text: """
                \(Self.note)

                # Events

                Every event that a rule can match, with its fields. The router decodes these events into types; a type, field or value
                that it does not know is routed all the same.

                * [Derived events](\(Self.derivedFile)): what the router makes of the server's events. Most rules match these.
                * [Server events](\(Self.serverFile)): what the server sends.
                * [Client events](\(Self.clientFile)): what the client sends. A rule matches them with `direction: client`.
                * [Objects](\(FieldTables.objectFile)): sessions, items, responses and other objects that several events have.

                ## How to read the tables

                * A point separates the names in a field's path. In a rule, each name is a key: `response.status` is matched by
                  `response: { status: failed }`.
                * Arrays are transparent: `rate_limits.name` is the field `name` of any element of `rate_limits`.
                * Every field may be absent. A server may also send null for a field that has no value; the router leaves such a field out of
                  derived events. `[{exists: false}]` matches an absent field, and `null` a null.
                * The last column lists the values that the protocol names. A list that ends in `…` is open: servers may send other values. Where no
                  values are named, it has an example.
                * A `map to string` is an object with free keys.
                * Names that end in `_ms` are milliseconds.
                * *GA*, *Beta*, *Azure* or *xAI* after a meaning says where a field occurs. Without such a word, it occurs everywhere.

                ## Names of the beta

                The first version of the API had other names for six types. The router accepts both names, in events and in rules.

                | beta | present name |
                |---|---|
                \(betaRows)

                ## Derived events

                \(derived)

                ## Server events

                \(server)

                ## Client events

                \(client)

                """)
    }

    private var betaRows: String {
        EventType.betaNames.map { name, code in
            let type = EventType(code).name
            return "| `\(name)` | [`\(type)`](\(Self.serverFile)#\(Self.anchor(type))) |"
        }.joined(separator: "\n")
    }

    private func rows(_ types: [String], _ descriptions: [String: EventDescription], _ file: String) -> String {
        (["| type | meaning |", "|---|---|"]
            + types.map { "| [`\($0)`](\(file)#\(Self.anchor($0))) | \(descriptions[$0]?.meaning ?? "") |" })
            .joined(separator: "\n")
    }

    private var derivedPage: Page {
        let sections = derivedTypes.map { type -> String in
            let description = EventDescription.derived[type]
            let form = EventType(type).payloadTypes[0]
            var parts = heading(type, description, "The router emits it ")
            if let rule = description?.rule { parts.append("```yaml fragment\n- \(rule)\n```") }
            if let first = derivedTypes.first(where: { EventType($0).payloadTypes[0] == form }), first != type {
                parts.append("Fields: those of [`\(first)`](#\(Self.anchor(first))).")
            } else {
                parts += tables.table(of: form, for: type, from: .server, isDerived: true)
            }
            return (parts + example(type, from: .server)).joined(separator: "\n\n")
        }
        return Page(
            name: Self.derivedFile,
            text: """
                \(Self.note)

                # Derived events

                The router derives these events from those of the server and the client, and routes them like any other. In a replay of a
                recording, it emits the same events. For some fields the router knows all values: `check` reports any other value in a rule
                as a mistake.

                In the rules below, `console` is a handler of `routes.yml`: `handlers: { console: { type: console } }`.

                ## Fields of every derived event

                \(tables.headTable)

                \(sections.joined(separator: "\n\n"))

                """)
    }

    private var serverPage: Page {
        let sections = serverTypes.map { type -> String in
            var parts = heading(type, EventDescription.server[type], "The server sends it ")
            let forms = EventType(type).payloadTypes
            for (number, form) in forms.enumerated() {
                if forms.count > 1 { parts.append(number == 0 ? "In the Realtime API:" : "In a translation:") }
                parts += tables.table(of: form, for: type, from: .server)
            }
            return (parts + example(type, from: .server)).joined(separator: "\n\n")
        }
        return Page(
            name: Self.serverFile,
            text: """
                \(Self.note)

                # Server events

                What a Realtime server sends. A rule names the type, and any of the fields:

                ```yaml fragment
                - { name: failed responses, match: { type: response.done, response: { status: failed } }, to: console }
                ```

                Every event also has `type` and `event_id`, the server's id of the event. Beside each type stand the versions of the API that have
                it: *GA* is the present Realtime API, *beta* its first version, which other servers still speak, and *translation* the API for
                speech translation.

                \(sections.joined(separator: "\n\n"))

                """)
    }

    private var clientPage: Page {
        let sections = EventFields.clientTypes.map { type -> String in
            var parts = heading(type, EventDescription.client[type], "")
            let forms = EventFields.shapes(ofClientType: type)
            for (number, form) in forms.enumerated() {
                guard case .object(let form) = form else { continue }
                if forms.count > 1 { parts.append(number == 0 ? "In the Realtime API:" : "In a translation:") }
                parts += tables.table(of: form, for: type, from: .client)
            }
            return (parts + example(type, from: .client)).joined(separator: "\n\n")
        }
        return Page(
            name: Self.clientFile,
            text: """
                \(Self.note)

                # Client events

                What a client sends to a Realtime server. A rule matches these events only with `direction: client`:

                ```yaml fragment
                - { name: new instructions, match: { direction: client, type: session.update }, to: console }
                ```

                Every event also has `type`, and may have `event_id`, an id of the client's choice. An `error` of the server names it in
                `error.event_id`.

                \(sections.joined(separator: "\n\n"))

                """)
    }

    private var objectPage: Page {
        Page(
            name: FieldTables.objectFile,
            text: """
                \(Self.note)

                # Objects of events

                Objects that several events have. Paths begin at the object: `usage.total_tokens` below [Response](#response) is
                `response: { usage: { total_tokens: … } }` in a rule for `response.done`.

                \(tables.objectSections.joined(separator: "\n\n"))

                """)
    }

    private func heading(_ type: String, _ description: EventDescription?, _ subject: String) -> [String] {
        guard let description else { return [] }
        let beta = EventType.betaNames.filter { EventType($0.code).name == type }.map { "; `\($0.name)` in the beta" }
        let versions = description.versions.isEmpty ? "" : " *\(description.versions)\(beta.joined())*"
        let moment = description.moment
        return [
            "## `\(type)`", description.meaning + versions,
            subject.isEmpty ? moment : subject + moment.prefix(1).lowercased() + moment.dropFirst(),
        ]
    }

    private func example(_ type: String, from side: SessionSide) -> [String] {
        sample(type, from: side).map { ["```json\n\(Self.shortened($0).indented())\n```"] } ?? []
    }

    /// An example without the whole of its audio, and with paths from the package on.
    private static func shortened(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text):
            let text = text.replacing(package + "/", with: "")
            return .string(text.utf8.count > 250 ? text.prefix(40) + "…" : text)
        case .array(let elements): return .array(elements.map(shortened))
        case .object(let object):
            return .object(JSONObject(object.map { (key: $0.0, value: shortened($0.1)) }))
        default: return json
        }
    }

    /// The anchor that GitHub and others make of a heading.
    static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "_" || character == "-"
                    ? character : nil
            })
    }
}
