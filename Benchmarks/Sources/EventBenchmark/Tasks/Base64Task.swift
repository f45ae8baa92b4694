import EventJSON
import Foundation

/// Decodes the base64 audio of a corpus.
struct Base64Task {
    private let texts: [[UInt8]]

    init(_ corpus: Corpus) throws {
        let plan = FieldPlan([["type"], ["delta"]])
        var slots = FieldSlots(plan)
        var texts: [[UInt8]] = []
        try corpus.forEachLine { text in
            try plan.scan(text, into: &slots)
            guard slots.equals(slot: 0, in: text, "response.output_audio.delta") else { return }
            slots.withText(slot: 1, in: text) { span in texts.append(span.withUnsafeBytes { Array($0) }) }
        }
        guard !texts.isEmpty else { throw Failure("the corpus has no audio") }
        self.texts = texts
    }

    private var size: Int { texts.reduce(0) { $0 + $1.count } }

    /// Decodes into one buffer, which is reused.
    func run(_ passes: Int?) throws {
        var audio: [UInt8] = []
        try Measurement.run(bytes: size, passes: passes) {
            var sum = 0
            var bytes = 0
            for text in texts {
                audio.removeAll(keepingCapacity: true)
                guard Base64.decode(text.span.bytes, into: &audio) else { throw Failure("the audio is not base64") }
                bytes += audio.count
                sum += Int(audio[audio.count / 2]) + Int(audio[audio.count - 1])
            }
            return Findings(count: texts.count, sums: [("bytes", bytes), ("sum", sum)])
        }
    }

    func runFoundation(_ passes: Int?) throws {
        let data = texts.map { Data($0) }
        try Measurement.run(bytes: size, passes: passes) {
            var sum = 0
            var bytes = 0
            for text in data {
                guard let audio = Data(base64Encoded: text) else { throw Failure("the audio is not base64") }
                bytes += audio.count
                sum += Int(audio[audio.count / 2]) + Int(audio[audio.count - 1])
            }
            return Findings(count: texts.count, sums: [("bytes", bytes), ("sum", sum)])
        }
    }
}
