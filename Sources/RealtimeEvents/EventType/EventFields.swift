import EventJSON

/// The fields of the known events and of the objects in them, collected once from ``WireObject/code(_:)`` of every
/// payload.
public enum EventFields {
    /// The shapes of a type's events, one for each of ``EventType/payloadTypes``; empty for an unknown type.
    public static func shapes(of type: EventType) -> [WireShape] {
        shapesByCode[type.code] ?? []
    }

    /// The types of the known client events, in alphabetical order.
    public static let clientTypes = shapesByClientType.keys.sorted()

    /// The shapes of a client event type, one for each dialect that has it; empty for an unknown type.
    public static func shapes(ofClientType type: String) -> [WireShape] { shapesByClientType[type] ?? [] }

    private static let shapesByClientType: [String: [WireShape]] = Dictionary(
        grouping: ClientEvent.emptyEvents, by: \.type
    ).mapValues { events in events.compactMap(\.payload).map { .object(type(of: $0)) } }

    /// The fields of an object in known events.
    public static func fields(of object: any WireObject.Type) -> ObjectFields {
        fieldsByObject[ObjectIdentifier(object)] ?? ObjectFields(object)
    }

    private static let shapesByCode: [EventType.Code: [WireShape]] = {
        let codes = EventType.Code.allCases.filter { $0 != .unknown }
        return Dictionary(
            uniqueKeysWithValues: codes.map { ($0, EventType($0).payloadTypes.map { .object($0) }) })
    }()

    private static let fieldsByObject: [ObjectIdentifier: ObjectFields] = {
        var found: [ObjectIdentifier: ObjectFields] = [:]
        for shape in shapesByCode.values.joined() { collect(shape, &found) }
        return found
    }()

    private static func collect(_ shape: WireShape, _ found: inout [ObjectIdentifier: ObjectFields]) {
        switch shape {
        case .string, .integer, .number, .boolean, .any: break
        case .array(let inner), .map(let inner): collect(inner, &found)
        case .oneOf(let shapes): for shape in shapes { collect(shape, &found) }
        case .object(let type):
            guard found[ObjectIdentifier(type)] == nil else { return }
            let fields = ObjectFields(type)
            found[ObjectIdentifier(type)] = fields
            for shape in fields.shapes.values { collect(shape, &found) }
        }
    }
}

/// The fields of one object of the protocol.
public struct ObjectFields: Sendable {
    /// The field names, in the order of their declaration.
    public let names: [String]
    /// The shape of each field, by its name.
    public let shapes: [String: WireShape]
    /// For each known value, the name of the first field that may hold it.
    public let nameByValue: [String: String]

    init(_ object: any WireObject.Type) {
        let fields = object.fieldShapes
        names = fields.map(\.name)
        shapes = Dictionary(fields.map { ($0.name, $0.shape) }) { first, _ in first }
        let values = fields.flatMap { field in field.shape.knownValues.map { ($0, field.name) } }
        nameByValue = Dictionary(values) { first, _ in first }
    }
}

extension WireShape {
    /// The known values of the strings with this shape, including array elements.
    fileprivate var knownValues: [String] {
        switch self {
        case .string(let known, _): known
        case .array(let element): element.knownValues
        case .oneOf(let shapes): shapes.flatMap(\.knownValues)
        case .integer, .number, .boolean, .any, .map, .object: []
        }
    }
}

extension EventType {
    /// The types that model payloads of this event type: one for each dialect with its own payload; empty for an
    /// unknown type.
    public var payloadTypes: [any WireObject.Type] {
        if let derived = derivedPayload { return [derived] }
        var types: [any WireObject.Type] = []
        for dialect in Dialect.allCases {
            guard let payload = ServerEvent(code, dialect: dialect, json: [:]).payload else { continue }
            let type = Swift.type(of: payload as any WireObject)
            if !types.contains(where: { $0 == type }) { types.append(type) }
        }
        return types
    }

    private var derivedPayload: (any WireObject.Type)? {
        switch code {
        case .routerSessionStarted: SessionStarted.self
        case .routerSessionEnded: SessionEnded.self
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            Utterance.self
        case .routerFunctionCallReady: FunctionCall.self
        case .routerFunctionCallDone: FunctionCallOutcome.self
        case .routerResponseDone: ResponseSummary.self
        case .routerResponseInterrupted: ResponseInterrupted.self
        case .routerTurnDone: Turn.self
        case .routerErrorRaised: ErrorRaised.self
        case .routerTurnStalled: TurnStalled.self
        case .routerUserIdle: UserIdle.self
        case .routerSessionExpiring: SessionExpiring.self
        case .routerSessionLimit: SessionLimitApproaching.self
        case .routerConnectionLost: ConnectionLost.self
        case .routerConnectionRestored: ConnectionRestored.self
        default: nil
        }
    }
}
