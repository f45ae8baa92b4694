import EventJSON
import RealtimeEvents
import RealtimeSession

extension SessionReplay {
    /// The derived events of some types, one row each: the position, the type without `router.`, and the requested
    /// fields, `-` for absent ones.
    func rows(_ codes: EventType.Code..., fields: String...) -> [String] {
        derived.filter { codes.isEmpty || codes.contains($0.code) }.map { event in
            let json = event.event().json
            let type = EventType(event.code).name.dropFirst("router.".count)
            let values = fields.map { Self.text(json[$0]) }
            return (["\(event.position)", String(type)] + values).joined(separator: " ")
        }
    }

    /// The finished utterances as readable text.
    var transcript: [String] {
        derived.filter { $0.code == .routerUtteranceDone }.map { event in
            let json = event.event().json
            return "\(Self.text(json["role"])) (\(Self.text(json["status"]))): \(Self.text(json["text"]))"
        }
    }

    /// The events sent to the server: `output CALL TEXT`, `create ID`, or the type.
    var sent: [String] {
        outbound.map { event in
            switch event {
            case .conversationItemCreate(let create) where create.item?.type == .functionCallOutput:
                "output \(create.item?.callID ?? "-") \(create.item?.output ?? "-")"
            case .responseCreate: "create \(event.eventID ?? "-")"
            default: event.type
            }
        }
    }

    /// The bodies of the derived events of a type.
    func bodies<Payload: WireObject>(_ code: EventType.Code, as payload: Payload.Type = Payload.self) throws
        -> [Payload]
    {
        try derived.filter { $0.code == code }.map { try $0.event().decode(payload) }
    }

    private static func text(_ value: JSONValue?) -> String {
        value?.string ?? value?.description ?? "-"
    }
}
