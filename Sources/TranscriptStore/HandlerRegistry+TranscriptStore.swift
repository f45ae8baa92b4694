public import EventRouter
import Transcripts

extension HandlerRegistry {
    /// Registers the handler type `transcript` anew, with `format: sqlite`.
    public mutating func registerTranscriptStore() {
        noteProduct("TranscriptStore")
        registerTranscripts { path, clock in TranscriptDatabase(path: path, clock: clock) }
    }
}
