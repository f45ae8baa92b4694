public import EventRouter

extension HandlerRegistry {
    /// Makes the sink that keeps transcripts in a database at a path.
    public typealias TranscriptStoreFactory =
        @Sendable (_ path: String, _ clock: any RouterClock) ->
        any TranscriptSink & TranscriptArchive
}
