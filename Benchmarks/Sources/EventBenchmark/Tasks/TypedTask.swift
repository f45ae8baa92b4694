import EventJSON
import Foundation
import RealtimeEvents

/// Whole events into typed payloads: the types of event that carry the conversation.
struct TypedTask {
    /// An event and the payload that its type stands for.
    private enum Form {
        case delta, item, outputItem, response, heardDelta, heard

        init?(_ code: EventType.Code) {
            switch code {
            case .responseOutputAudioTranscriptDelta, .responseFunctionCallArgumentsDelta: self = .delta
            case .conversationItemAdded, .conversationItemDone: self = .item
            case .responseOutputItemAdded, .responseOutputItemDone: self = .outputItem
            case .responseCreated, .responseDone: self = .response
            case .conversationItemInputAudioTranscriptionDelta: self = .heardDelta
            case .conversationItemInputAudioTranscriptionCompleted: self = .heard
            default: return nil
            }
        }
    }

    private var events: [(form: Form, event: RealtimeEvent)] = []
    private var bytes = 0

    init(_ corpus: Corpus) throws {
        let plan = FieldPlan([["type"]])
        var slots = FieldSlots(plan)
        try corpus.forEachLine { text in
            try plan.scan(text, into: &slots)
            let name = slots.string(slot: 0, in: text) ?? ""
            let type = EventType(name)
            guard let form = Form(type.code) else { return }
            let event = RealtimeEvent(
                bytes: text.withUnsafeBytes { Array($0) }, type: type, wireType: name, position: EventPosition(line: 1))
            events.append((form, event))
            bytes += text.byteCount
        }
    }

    func run(_ passes: Int?) throws {
        try Measurement.run(bytes: bytes, passes: passes) {
            var sum = TypedSum()
            for (form, event) in events {
                switch form {
                case .delta: sum.add(try event.decode(OutputDelta.self))
                case .item: sum.add(try event.decode(ConversationItemEvent.self).item)
                case .outputItem: sum.add(try event.decode(OutputItemEvent.self).item)
                case .response: sum.add(try event.decode(ResponseEvent.self).response)
                case .heardDelta: sum.add(try event.decode(InputTranscriptionDelta.self))
                case .heard: sum.add(try event.decode(InputTranscriptionCompleted.self))
                }
            }
            return sum.findings
        }
    }

    /// The same with Foundation's decoder, after a look whether it gives equal payloads.
    func runFoundation(_ passes: Int?) throws {
        let decoder = JSONDecoder()
        let events = try events.map { form, event in
            let data = Data(event.bytes)
            let isEqual =
                switch form {
                case .delta: try decoder.decode(OutputDelta.self, from: data) == event.decode()
                case .item: try decoder.decode(ConversationItemEvent.self, from: data) == event.decode()
                case .outputItem: try decoder.decode(OutputItemEvent.self, from: data) == event.decode()
                case .response: try decoder.decode(ResponseEvent.self, from: data) == event.decode()
                case .heardDelta: try decoder.decode(InputTranscriptionDelta.self, from: data) == event.decode()
                case .heard: try decoder.decode(InputTranscriptionCompleted.self, from: data) == event.decode()
                }
            guard isEqual else {
                throw Failure("JSONDecoder gives another payload: \(String(decoding: event.bytes, as: UTF8.self))")
            }
            return (form, data)
        }
        try Measurement.run(bytes: bytes, passes: passes) {
            var sum = TypedSum()
            for (form, data) in events {
                switch form {
                case .delta: sum.add(try decoder.decode(OutputDelta.self, from: data))
                case .item: sum.add(try decoder.decode(ConversationItemEvent.self, from: data).item)
                case .outputItem: sum.add(try decoder.decode(OutputItemEvent.self, from: data).item)
                case .response: sum.add(try decoder.decode(ResponseEvent.self, from: data).response)
                case .heardDelta: sum.add(try decoder.decode(InputTranscriptionDelta.self, from: data))
                case .heard: sum.add(try decoder.decode(InputTranscriptionCompleted.self, from: data))
                }
            }
            return sum.findings
        }
    }
}

/// Looks into decoded payloads.
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

    mutating func add(_ words: InputTranscriptionCompleted) {
        count += 1
        letters += words.transcript?.utf8.count ?? 0
    }
}
