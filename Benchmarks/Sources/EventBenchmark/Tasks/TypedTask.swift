import EventJSON
import Foundation
import RealtimeEvents

/// Decodes events of the types that carry a conversation into typed payloads.
struct TypedTask {
    /// The payload type of an event.
    private enum PayloadType {
        case delta, item, outputItem, response, transcriptDelta, transcript

        init?(_ code: EventType.Code) {
            switch code {
            case .responseOutputAudioTranscriptDelta, .responseFunctionCallArgumentsDelta: self = .delta
            case .conversationItemAdded, .conversationItemDone: self = .item
            case .responseOutputItemAdded, .responseOutputItemDone: self = .outputItem
            case .responseCreated, .responseDone: self = .response
            case .conversationItemInputAudioTranscriptionDelta: self = .transcriptDelta
            case .conversationItemInputAudioTranscriptionCompleted: self = .transcript
            default: return nil
            }
        }
    }

    private var events: [(payloadType: PayloadType, event: RealtimeEvent)] = []
    private var bytes = 0

    init(_ corpus: Corpus) throws {
        let plan = FieldPlan([["type"]])
        var slots = FieldSlots(plan)
        try corpus.forEachLine { text in
            try plan.scan(text, into: &slots)
            let name = slots.string(slot: 0, in: text) ?? ""
            let type = EventType(name)
            guard let payloadType = PayloadType(type.code) else { return }
            let event = RealtimeEvent(
                bytes: text.withUnsafeBytes { Array($0) }, type: type, wireType: name, position: EventPosition(line: 1))
            events.append((payloadType, event))
            bytes += text.byteCount
        }
    }

    func run(_ passes: Int?) throws {
        try Measurement.run(bytes: bytes, passes: passes) {
            var sum = TypedSum()
            for (payloadType, event) in events {
                switch payloadType {
                case .delta: sum.add(try event.decode(OutputDelta.self))
                case .item: sum.add(try event.decode(ConversationItemEvent.self).item)
                case .outputItem: sum.add(try event.decode(OutputItemEvent.self).item)
                case .response: sum.add(try event.decode(ResponseEvent.self).response)
                case .transcriptDelta: sum.add(try event.decode(InputTranscriptionDelta.self))
                case .transcript: sum.add(try event.decode(InputTranscriptionCompleted.self))
                }
            }
            return sum.findings
        }
    }

    /// Does the same with Foundation's decoder, after checking that it returns equal payloads.
    func runFoundation(_ passes: Int?) throws {
        let decoder = JSONDecoder()
        let events = try events.map { payloadType, event in
            let data = Data(event.bytes)
            let isEqual =
                switch payloadType {
                case .delta: try decoder.decode(OutputDelta.self, from: data) == event.decode()
                case .item: try decoder.decode(ConversationItemEvent.self, from: data) == event.decode()
                case .outputItem: try decoder.decode(OutputItemEvent.self, from: data) == event.decode()
                case .response: try decoder.decode(ResponseEvent.self, from: data) == event.decode()
                case .transcriptDelta: try decoder.decode(InputTranscriptionDelta.self, from: data) == event.decode()
                case .transcript: try decoder.decode(InputTranscriptionCompleted.self, from: data) == event.decode()
                }
            guard isEqual else {
                throw Failure(
                    "JSONDecoder returned a different payload: \(String(decoding: event.bytes, as: UTF8.self))")
            }
            return (payloadType, data)
        }
        try Measurement.run(bytes: bytes, passes: passes) {
            var sum = TypedSum()
            for (payloadType, data) in events {
                switch payloadType {
                case .delta: sum.add(try decoder.decode(OutputDelta.self, from: data))
                case .item: sum.add(try decoder.decode(ConversationItemEvent.self, from: data).item)
                case .outputItem: sum.add(try decoder.decode(OutputItemEvent.self, from: data).item)
                case .response: sum.add(try decoder.decode(ResponseEvent.self, from: data).response)
                case .transcriptDelta: sum.add(try decoder.decode(InputTranscriptionDelta.self, from: data))
                case .transcript: sum.add(try decoder.decode(InputTranscriptionCompleted.self, from: data))
                }
            }
            return sum.findings
        }
    }
}

/// Sums over decoded payloads, so that decoding cannot be optimized away.
private struct TypedSum {
    private var count = 0
    private var letters = 0
    private var tokens = 0
    private var outputs = 0

    var findings: Findings {
        Findings(count: count, sums: [("letters", letters), ("tokens", tokens), ("outputs", outputs)])
    }

    mutating func add(_ delta: OutputDelta) {
        count += 1
        letters += delta.delta?.utf8.count ?? 0
    }

    mutating func add(_ item: ConversationItem?) {
        count += 1
        letters += item?.id?.utf8.count ?? 0
    }

    mutating func add(_ response: Response?) {
        count += 1
        outputs += response?.output?.count ?? 0
        tokens += response?.usage?.totalTokens ?? 0
    }

    mutating func add(_ delta: InputTranscriptionDelta) {
        count += 1
        letters += delta.delta?.utf8.count ?? 0
    }

    mutating func add(_ completed: InputTranscriptionCompleted) {
        count += 1
        letters += completed.transcript?.utf8.count ?? 0
    }
}
