import RealtimeRouter
import Testing

/// Whatever is changed in a file that is right: the schema refuses it just when the loader does, but for what a schema cannot know.
@Suite(.enabled(if: PythonValidator.isAsked, PythonValidator.wanted))
struct SchemaMutationTests {
    /// What is left to the loader: names that refer to others, and what hides in texts and numbers.
    private static let leftToTheLoader = [
        "` must be at least `queue_",
        "there is no handler `", "there is no route `", "there is no list `", "there is no Swift function `",
        "JSON Schema has no keyword \"", " is no type",
        "has no parameter `", "has no `match`, and the handler `page` is made for no events of its own",
        "has neither `match` nor `to`", "is not a block of addresses", "unknown key `whateverq`",
        "unknown key `limitq`",
        "unknown key `greetingq`", "`session_idle` is for live sources", "`at_most` must not be less than `at_least`",
        "`record` is for live sources",
    ]

    @Test func theSchemaRefusesWhatTheLoaderRefuses() async throws {
        let base = try Self.json(SchemaDocument.base)
        let values: [JSONValue] = ["zz", 5, [], ["zz": 1]]
        var mutants = Self.mutants(of: base, values: values)
        for document in SchemaDocument.right {
            mutants += Self.mutants(of: try Self.json(document.text), unlike: base, values: values)
        }
        for file in try SchemaVerdictTests.shippedFiles().values.sorted() {
            mutants += Self.mutants(of: try Self.json(file), values: [])
        }
        let found = try await PythonValidator.mistakes(
            in: mutants.map(\.document), by: RouteFileSchema.json(.schemaTests))
        var left: Set<String> = []
        for (mutant, mistakes) in zip(mutants, found) {
            let errors = SchemaDocument.errors(in: mutant.document.description)
            if errors.isEmpty || !mistakes.isEmpty {
                let agree = errors.isEmpty == mistakes.isEmpty
                #expect(agree, "\(mutant.change): the schema says \(mistakes), the loader \(errors)")
                continue
            }
            for error in errors {
                let known = Self.leftToTheLoader.first { error.contains($0) }
                #expect(known != nil, "\(mutant.change): only the loader says: \(error)")
                if let known { left.insert(known) }
            }
        }
        // Nothing is left to the loader that the schema says by now.
        #expect(left == Set(Self.leftToTheLoader))
    }

    // MARK: - Changes

    struct Mutant {
        let change: String
        let document: JSONValue
    }

    /// The document with each of its keys misspelt, each taken away, and each of its values replaced by others.
    ///
    /// - Parameter unlike: a document whose mutants are made elsewhere; what is the same there is left alone.
    private static func mutants(
        of document: JSONValue, unlike other: JSONValue? = nil, values: [JSONValue]
    ) -> [Mutant] {
        var mutants: [Mutant] = []
        mutate(document, other, values, at: "$", &mutants) { $0 }
        return mutants
    }

    private static func mutate(
        _ value: JSONValue, _ other: JSONValue?, _ values: [JSONValue], at path: String, _ mutants: inout [Mutant],
        _ whole: (JSONValue) -> JSONValue
    ) {
        guard value != other else { return }
        for replacement in values where replacement != value && path != "$" {
            mutants.append(Mutant(change: "\(path) = \(replacement)", document: whole(replacement)))
        }
        if let object = value.object {
            for (key, inner) in object.map({ ($0, $1) }) where inner != other?[key] {
                let misspelt = JSONObject(object.map { (key: $0 == key ? key + "q" : $0, value: $1) })
                mutants.append(Mutant(change: "\(path).\(key)q", document: whole(.object(misspelt))))
                let shorter = JSONObject(object.filter { $0.key != key }.map { (key: $0, value: $1) })
                mutants.append(Mutant(change: "\(path) without \(key)", document: whole(.object(shorter))))
                mutate(inner, other?[key], values, at: path + "." + key, &mutants) { replacement in
                    var changed = object
                    changed[key] = replacement
                    return whole(.object(changed))
                }
            }
        }
        for (index, inner) in (value.array ?? []).enumerated() {
            mutate(inner, other?[index], values, at: "\(path)[\(index)]", &mutants) { replacement in
                var changed = value.array ?? []
                changed[index] = replacement
                return whole(.array(changed))
            }
        }
    }

    private static func json(_ text: String) throws -> JSONValue {
        JSONValue(try #require(YAML.read(SourceFile(path: "routes.yml", text: text), Diagnostics())))
    }
}
