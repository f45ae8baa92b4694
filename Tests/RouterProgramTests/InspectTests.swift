import EventJSON
import Foundation
import Testing

/// `inspect --json`: decoding and encoding keep every modelled field.
@Suite struct InspectTests {
    @Test(arguments: BuiltProgram.sessions)
    func inspect_json_keepsEveryModelledField(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run("inspect", BuiltProgram.session(name), "--json")
        #expect(ending.code == 0)
        let came = try serverEvents(BuiltProgram.session(name))
        let encoded = try lineList(ending.output).map { try JSONValue(parsing: $0) }
        try #require(encoded.count == came.count)
        var missing: Set<String> = []
        for (output, input) in zip(encoded, came) {
            var comparison = FieldComparison()
            comparison.compare(output, with: input, at: "")
            #expect(comparison.differences == [], "\(input)")
            missing.formUnion(comparison.missing)
        }
        #expect(missing == Self.notAsDocumented[name] ?? [])
    }

    /// Fields whose values do not have the protocol's type, by session. All other fields are kept.
    private static let notAsDocumented: [String: Set<String>] = [
        "unknown-and-malformed": [
            "audio_start_ms", "rate_limits", "event_id", "previous_item_id", "item.content", "output_index", "delta",
            "response.usage.total_tokens",
        ]
    ]

    private func serverEvents(_ path: String) throws -> [JSONValue] {
        var events: [JSONValue] = []
        for line in try Data(contentsOf: URL(filePath: path)).split(separator: 0x0A) {
            guard let value = try? JSONValue(parsing: Array(line)), let object = value.object else { continue }
            if object["type"] == nil, let direction = object["direction"], let event = object["event"] {
                if direction == "server" { events.append(event) }
            } else {
                events.append(value)
            }
        }
        return events
    }
}

/// Compares an encoded event with the original. Null and absence are equal.
struct FieldComparison {
    /// The fields of the output that differ from the input.
    private(set) var differences: [String] = []
    /// The fields of the input that the output lacks.
    private(set) var missing: Set<String> = []

    mutating func compare(_ output: JSONValue, with input: JSONValue, at path: String) {
        switch (output, input) {
        case (.object(let output), .object(let input)):
            for (key, value) in output where !value.isNull {
                compare(value, with: input[key] ?? .null, at: path.isEmpty ? key : "\(path).\(key)")
            }
            for (key, value) in input where !value.isNull && output[key] == nil {
                missing.insert(path.isEmpty ? key : "\(path).\(key)")
            }
        case (.array(let output), .array(let input)):
            guard output.count == input.count else {
                differences.append("\(path): \(output.count) elements instead of \(input.count)")
                return
            }
            for (output, input) in zip(output, input) { compare(output, with: input, at: path + "[]") }
        case (.number(let output), .number(let input)):
            if output.double != input.double { differences.append("\(path): \(output.text) instead of \(input.text)") }
        default:
            if output != input { differences.append("\(path): \(output) instead of \(input)") }
        }
    }
}
