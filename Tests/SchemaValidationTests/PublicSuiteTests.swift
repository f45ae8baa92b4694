import EventJSON
import Foundation
import SchemaValidation
import Testing

/// The JSON Schema organisation's own tests, if they are installed (Debian: json-schema-test-suite).
struct PublicSuiteTests {
    static let folder = "/usr/share/json-schema-test-suite/tests/draft7"
    static let isInstalled = FileManager.default.fileExists(atPath: folder)
    /// Set if the tests must not be skipped.
    static let isRequired = ProcessInfo.processInfo.environment["REALTIME_ROUTER_ALL_TESTS"] != nil

    /// All files except those about references to other documents and about `$id` and anchors.
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".json") && !["refRemote.json", "definitions.json"].contains($0) }.sorted()
    }()

    /// Skipped, because they need `$id` as a base for references, or another document.
    static let unsupported = [
        "remote ref, containing refs itself", "Recursive references between schemas", "Location-independent identifier",
        "Location-independent identifier with absolute URI",
        "Location-independent identifier with base URI change in subschema", "$ref to boolean schema true with id",
    ]

    @Test(.enabled(if: isRequired)) func publicSuite_isInstalled() {
        #expect(Self.names.count >= 33, "install the package json-schema-test-suite")
    }

    @Test(.enabled(if: isInstalled), arguments: names)
    func publicSuite_passesForAKeyword(_ name: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)"))
        for group in try #require(try JSONValue(parsing: [UInt8](bytes)).array) {
            let title = group["description"]?.string ?? ""
            if Self.unsupported.contains(title) { continue }
            let schema = try JSONSchema(#require(group["schema"]), draft: .draft7)
            for test in try #require(group["tests"]?.array) {
                let value = try #require(test["data"])
                let verdict = schema.violations(in: value)
                let said = (verdict ?? []).map(\.description)
                #expect(
                    (verdict == nil) == test["valid"]?.bool, "\(title): \(test["description"]?.string ?? ""): \(said)")
                #expect(schema.accepts(value) == (verdict == nil))
            }
        }
    }
}
