import Foundation
import RealtimeRouter
import Testing

/// The schema as a validator of another make understands it.
@Suite(.enabled(if: PythonValidator.isAsked, PythonValidator.wanted))
struct SchemaVerdictTests {
    private let schema = RouteFileSchema.json(.schemaTests)

    /// The rules that are shipped, by the names of their files.
    static func shippedFiles() throws -> [String: String] {
        let examples = PythonValidator.package.appending(path: "Examples")
        let folders = try FileManager.default.contentsOfDirectory(at: examples, includingPropertiesForKeys: nil)
        // Dashboards and Deploy have files for other programs, LiveAssistant has handler types of its own.
        let others = ["Dashboards", "Deploy", "LiveAssistant"]
        let files = try folders.filter { $0.hasDirectoryPath && !others.contains($0.lastPathComponent) }.flatMap {
            try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
        }
        let all = files.filter { $0.pathExtension == "yml" } + [PythonValidator.package.appending(path: "routes.yml")]
        return try Dictionary(
            uniqueKeysWithValues: all.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) })
    }

    @Test func theFilesThatAreShippedAreValid() async throws {
        let files = try Self.shippedFiles().sorted { $0.key < $1.key }
        #expect(files.map(\.key) == ["agent.yml", "agents.yml", "alarms.yml", "functions.yml", "routes.yml"])
        let found = try await PythonValidator.mistakes(in: files.map { .string($0.value) }, by: schema)
        for (file, mistakes) in zip(files, found) { #expect(mistakes.isEmpty, "\(file.key): \(mistakes)") }
    }

    /// What the loader takes is valid, and what it refuses is not: at the place where the mistake is.
    @Test func theSchemaSaysWhatTheLoaderSays() async throws {
        let all = SchemaDocument.right + SchemaDocument.wrong
        #expect(Set(all.map(\.name)).count == all.count)
        let found = try await PythonValidator.mistakes(in: all.map { .string($0.text) }, by: schema)
        for (document, mistakes) in zip(all, found) {
            #expect(mistakes.map(\.place) == document.places, "\(document.name): \(mistakes)")
            #expect(document.errors.isEmpty == document.places.isEmpty, "\(document.name): \(document.errors)")
        }
    }
}
