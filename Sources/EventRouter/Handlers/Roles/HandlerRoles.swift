import RecordFiles

/// What a handler can do beside taking events: the protocols that it adopts, looked up once when it is bound.
package struct HandlerRoles: Sendable {
    /// The handler, if it runs function calls.
    package let functionCalls: (any FunctionCallHandling)?
    /// The handler, if it takes batches.
    package let batches: (any BatchEventHandler)?
    /// The handler, if it takes deliveries of several sessions at a time.
    package let concurrency: (any ConcurrentHandling)?
    /// Whether the handler takes the client's audio.
    package let takesClientAudio: Bool
    /// Whether the handler makes nothing of the client's events.
    package let ignoresClient: Bool
    /// The handler, if it can use only some events.
    package let selection: (any EventSelecting)?
    /// The handler, if it keeps records.
    package let records: (any RecordKeeping)?
    /// The handler, if it writes records whose outcome no delivery waits for.
    package let writer: (any EventHandler & RecordWriter)?
    /// The handler, if it knows what nobody may write down.
    package let secrets: (any SecretKeeping)?
    /// The handler, if it reports at the end of a run.
    package let summary: (any Summarizing)?
    /// The handler, if it takes over from another one.
    package let succession: (any SucceedingHandler)?
    /// The handler, if it has options for live sessions only.
    package let live: (any LiveOptions)?
    /// The handler, if it knows prices.
    package let prices: (any PriceKeeping)?
    /// The handler, if it reports on the router.
    package let watcher: (any RouterWatcher)?

    /// Looks up what a handler adopts.
    package init(_ handler: any EventHandler) {
        functionCalls = handler as? any FunctionCallHandling
        batches = handler as? any BatchEventHandler
        concurrency = handler as? any ConcurrentHandling
        takesClientAudio = handler is any ClientAudioHandling
        ignoresClient = handler is any ServerEventHandling
        selection = handler as? any EventSelecting
        records = handler as? any RecordKeeping
        writer = handler as? any EventHandler & RecordWriter
        secrets = handler as? any SecretKeeping
        summary = handler as? any Summarizing
        succession = handler as? any SucceedingHandler
        live = handler as? any LiveOptions
        prices = handler as? any PriceKeeping
        watcher = handler as? any RouterWatcher
    }

    /// Whether the handler runs function calls.
    package var takesFunctionCalls: Bool { functionCalls != nil }

    /// How many sessions' deliveries the handler takes at a time.
    var concurrentSessions: Int { batches == nil ? max(concurrency?.concurrentSessions ?? 1, 1) : 1 }
}
