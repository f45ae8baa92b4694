import EventJSON
import RealtimeEvents
import Testing

/// A model that occurs within an event's payload.
struct Model: Sendable, CustomTestStringConvertible {
    var metatype: any WireObject.Type

    var testDescription: String { "\(metatype)" }

    /// All models that are reachable from the payloads of all events.
    static let all: [Model] = {
        var found: [String: Model] = [:]
        for fact in EventFact.all {
            for field in type(of: fact.payload(["type": .string(fact.entry.name)])!).fieldShapes {
                collect(field.shape, &found)
            }
        }
        return found.values.sorted { $0.testDescription < $1.testDescription }
    }()

    private static func collect(_ shape: WireShape, _ found: inout [String: Model]) {
        switch shape {
        case .object(let type):
            guard found.updateValue(Model(metatype: type), forKey: "\(type)") == nil else { return }
            for field in type.fieldShapes { collect(field.shape, &found) }
        case .array(let element): collect(element, &found)
        case .map(let value): collect(value, &found)
        case .oneOf(let shapes): for shape in shapes { collect(shape, &found) }
        case .any, .boolean, .integer, .number, .string: break
        }
    }
}

@Suite struct DefinitionFactsTests {
    @Test("Every definition of the schemas has a model")
    func definitions_haveOneModelEach() {
        #expect(Model.all.map(\.testDescription) == Facts.definitionsByName.keys.sorted())
    }

    @Test("A model has the fields of its schema, none missing and none added", arguments: Model.all)
    func models_haveTheFieldsOfTheSchema(model: Model) throws {
        let entry = try #require(Facts.definitionsByName[model.testDescription])
        expectSame(model.metatype.fieldShapes, entry.fields, entry.name)
    }

    @Test("A sample with every field decodes and encodes without loss", arguments: Model.all, SampleMaker.variants)
    func models_roundTripEveryField(model: Model, variant: Int) throws {
        var maker = SampleMaker(variant: variant)
        let sample = maker.object(try #require(Facts.definitionsByName[model.testDescription]))
        let object = model.metatype.init(sample)
        #expect(object.json == .object(sample))
        #expect(try JSONValue(parsing: object.jsonBytes) == .object(sample))
    }

    @Test("A field of an unexpected type becomes nil without affecting the others", arguments: Model.all)
    func models_dropOnlyTheUnexpectedField(model: Model) throws {
        let entry = try #require(Facts.definitionsByName[model.testDescription])
        for variant in 0...1 {
            var maker = SampleMaker(variant: variant)
            for object in mutations(maker.object(entry)) {
                #expect(model.metatype.init(object).json == .object(Facts.kept(entry.fields, object)))
            }
        }
    }

    @Test("A JSON value that is not an object does not decode", arguments: Model.all)
    func models_rejectOtherJSONTypes(model: Model) {
        for json: JSONValue in [.null, true, 7, "odd", []] { #expect(model.metatype.init(json: json) == nil) }
    }
}
