import EventJSON

/// The fields of the known events and of the objects in them, collected once from ``WireObject/code(_:)`` of every payload.
public enum EventFields {
    /// The forms that events of a type have, one for each of ``EventType/payloadTypes``; none for an unknown type.
    public static func shapes(of type: EventType) -> [WireShape] {
        shapesByCode[type.code] ?? []
    }

    /// The types of the known events that clients send, in alphabetical order.
    public static let clientTypes = shapesByClientType.keys.sorted()

    /// The forms that events of a client have, by their type: one for each dialect that has it; none for an unknown type.
    public static func shapes(ofClientType type: String) -> [WireShape] { shapesByClientType[type] ?? [] }

    private static let shapesByClientType: [String: [WireShape]] = Dictionary(
        grouping: ClientEvent.emptyEvents, by: \.type
    ).mapValues { events in events.compactMap(\.payload).map { .object(type(of: $0)) } }

    /// The fields of an object that occurs in known events.
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
    /// Their names, in the order in which the object declares them.
    public let names: [String]
    /// What each of them holds.
    public let shapes: [String: WireShape]
    /// The first field that has a text among its known values, for each such text.
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
    /// The known values of the strings that stand here, in arrays too.
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
    /// The types in which payloads of this event type are modelled: one for each dialect that gives it another one; none for a
    /// type that is not known.
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
        case .routerResponseInterrupted: Interruption.self
        case .routerTurnDone: Turn.self
        case .routerErrorRaised: RaisedError.self
        case .routerTurnStalled: StalledTurn.self
        case .routerUserIdle: IdleUser.self
        case .routerSessionExpiring: ExpiringSession.self
        case .routerSessionLimit: ApproachingLimit.self
        case .routerConnectionLost: LostConnection.self
        case .routerConnectionRestored: RestoredConnection.self
        default: nil
        }
    }
}
