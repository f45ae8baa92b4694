import RealtimeEvents
import RealtimeSession
import RecordFiles
import Synchronization

/// Runs one session: takes batches from its source, lets the pipeline route them, and does all the waiting.
///
/// Used by one task from beginning to end.
final class SessionLoop {
    private var pipeline: EventPipeline
    private let mailbox: BatchMailbox
    private let control: RunControl
    private let writer: OutboundWriter
    private let clock: any RouterClock
    /// Reads ahead what a recording's client answered.
    private let readOutputs: () async throws -> RecordedOutputs
    private var alarm: LoopAlarm
    /// Gets the counts from time to time, for whoever watches the router.
    private let publish: (RunCounts) -> Void
    private var hasCancelled = false
    private var isSourceOver = false

    init(
        _ pipeline: consuming EventPipeline, mailbox: BatchMailbox, control: RunControl, writer: OutboundWriter,
        clock: any RouterClock, readOutputs: @escaping () async throws -> RecordedOutputs,
        publish: @escaping (RunCounts) -> Void
    ) {
        self.pipeline = pipeline
        self.mailbox = mailbox
        self.control = control
        self.writer = writer
        self.clock = clock
        self.readOutputs = readOutputs
        alarm = LoopAlarm(control.signal, on: clock)
        self.publish = publish
    }

    var counts: RunCounts { pipeline.counts }
    var handlers: [HandlerRuntime] { pipeline.lanes.map(\.runtime) }
    var outboundCounts: OutboundCounts { writer.counts }
    var explanations: [RouteExplanation] { pipeline.explainer?.explanations ?? [] }
    var unheardSessions: Int { pipeline.state.unheardSessions }
    var sessionCount: Int { pipeline.counts.events == 0 ? 0 : pipeline.state.sessionCount }

    /// Routes the whole source, then brings everything to its end.
    ///
    /// - Returns: what the source or the outbound sink threw, if anything; everything was brought to its end even so.
    func run() async -> (any Error)? {
        // A task of its own, for which nobody waits: a sink may block for ever.
        let sending = Task { [writer] in await writer.run() }
        defer {
            writer.end()
            sending.cancel()
        }
        var failure = await routeSource()
        let end = endOfSource(failure)
        isSourceOver = true
        for lane in pipeline.lanes { lane.endOfSource() }
        failure = await settle(failure) { $0.state.owedCalls == 0 }
        pipeline.finish()
        failure = await settle(failure) { $0.allLanes.all.allSatisfy(\.isSettled) }
        pipeline.endRecording(at: end.at, end.reason)
        return failure
    }

    /// Tells the pipeline that nothing more comes.
    ///
    /// - Returns: the time of events at which that was, where it goes on by the clock, and the reason.
    @inline(never)
    private func endOfSource(_ failure: (any Error)?) -> (at: Double?, reason: SessionEndReason) {
        let at = pipeline.timeOfEvents
        let recorded = pipeline.recordedEnd ?? .endOfSource
        let reason = control.isStopping ? .interrupted : failure == nil ? recorded : .disconnected
        pipeline.endOfSource(reason)
        return (at, reason)
    }

    /// Routes until the source ends or a stop is asked for.
    private func routeSource() async -> (any Error)? {
        var batch = EventBatch(bytes: [], lines: [])
        var index = 0
        defer { alarm.cancel() }
        do {
            while !control.isStopping {
                try attend()
                guard !isOverflowing, !hasOutbound else {
                    await control.signal.wait()
                    continue
                }
                switch pipeline.process(batch, from: &index) {
                case .attend: continue
                case .notYet(let duration):
                    publish(pipeline.counts)
                    await control.signal.wait(for: duration, on: clock)
                case .awaitingCalls: await control.signal.wait()
                case .awaitingOutputs: pipeline.note(recordedOutputs: try await readOutputs())
                case .batchDone:
                    publish(pipeline.counts)
                    switch mailbox.take() {
                    case .batch(let next, let moment):
                        (batch, index) = (next, 0)
                        pipeline.noteArrival(moment)
                    case .none:
                        pipeline.observer?.pause()
                        await listen()
                    case .end(let error): return error
                    }
                }
            }
        } catch {
            return error
        }
        return nil
    }

    /// Waits until something comes, or until it is time to tell that nothing does.
    private func listen() async {
        if let moment = pipeline.nextAlarm {
            guard moment > clock.now else { return pipeline.tellSilence() }
            alarm.set(for: moment)
        }
        await control.signal.wait()
    }

    /// Attends to answers and queues until nothing is left to do and the condition holds.
    private func settle(
        _ earlier: (any Error)?, until isSettled: (borrowing EventPipeline) -> Bool
    ) async -> (any Error)? {
        var failure = earlier
        while true {
            do { try attend() } catch {
                failure = failure ?? error
                // What attending comes to after sending was not done, and nothing will wake the loop for it.
                continue
            }
            if control.isExpired && !hasCancelled {
                hasCancelled = true
                pipeline.cancelCalls()
                for lane in pipeline.allLanes.all { lane.expire() }
                endWriterSoon()
                continue
            }
            // In this order: what a handler leaves in the inbox is there before its delivery is settled.
            if holds(isSettled) && isAtRest { return failure }
            await control.signal.wait()
        }
    }

    /// Serves the inbox, sends what may go out, and tries the queues that were full.
    private func attend() throws {
        pipeline.serveInbox()
        if let replacement = control.takeReplacement() {
            pipeline.replaceRules(by: replacement.rules, isSourceOver: isSourceOver, wakes: control.signal)
            replacement.swap.finish()
        }
        if hasOutbound { send() }
        if let failure = writer.takeFailure() { throw failure }
        if isOverflowing { pipeline.handOver(retries: true) }
    }

    // What is asked of the pipeline before a wait is asked by calls of their own. Inlined, a condition that fails early leaves its access
    // to the pipeline open over the wait (Swift 6.3, optimised), and the next change of the pipeline ends the program.

    private var isOverflowing: Bool {
        @inline(never) get { pipeline.outgoing.isBlocked }
    }

    private var hasOutbound: Bool {
        @inline(never) get { !pipeline.outbound.isEmpty }
    }

    /// Whether nothing waits for the loop.
    private var isAtRest: Bool {
        @inline(never) get {
            !pipeline.outgoing.isBlocked && pipeline.inbox.isEmpty && pipeline.outbound.isEmpty && writer.isIdle
        }
    }

    @inline(never)
    private func holds(_ condition: (borrowing EventPipeline) -> Bool) -> Bool { condition(pipeline) }

    /// Gives the writer what it has room for. After a failure nothing is sent any more: the other side would get a part of an order.
    private func send() {
        let count = pipeline.outbound.firstIndex { !writer.offer($0) } ?? pipeline.outbound.count
        pipeline.outbound.removeFirst(count)
    }

    /// The deadline has passed: what does not go out within ``OutboundWriter/grace`` is given up.
    private func endWriterSoon() {
        Task { [writer, clock] in
            try? await clock.sleep(for: OutboundWriter.grace)
            writer.end()
        }
    }
}
