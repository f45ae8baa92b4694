internal import EventJSON
internal import RealtimeEvents

// Translations: what was said, and its translation.
extension SessionState {
    /// Takes in words of the user's, or of their translation.
    mutating func addStreamWords(_ role: ItemRecord.Role, _ event: borrowing EventReader) {
        let words = event.index(event.fields.delta)
        guard event.hasText(at: words) else { return }
        if role == .user { noteUserAct() }
        let halves = event.surrogateHalves(at: words)
        let added = event.withText(at: words) {
            conversation.addStreamWords($0, halves, of: role, at: emitter.clock.at)
        }
        guard let added, case .added(let part, let start, _) = added.addition else { return }
        emitUpdate(added.slot, part, from: start)
    }

    /// Takes in an event of a type that the library does not know, if it says the words of a stream whole.
    mutating func takeStreamText(_ event: borrowing EventReader) {
        let role: ItemRecord.Role
        if event.equals(event.fields.type, "session.input_transcript.completed") {
            role = .user
        } else if event.equals(event.fields.type, "session.output_transcript.done") {
            role = .assistant
        } else {
            return
        }
        let words = event.index(event.fields.transcript)
        guard event.hasText(at: words) else { return }
        event.withText(at: words) { conversation.completeStream(role, with: $0, at: emitter.clock.at) }
    }

    /// The translation is over.
    mutating func closeStreams() {
        conversation.endStreams(onlySentences: false, at: emitter.clock.at)
    }
}
