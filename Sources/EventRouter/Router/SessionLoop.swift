import RealtimeEvents
import RealtimeSession
import RecordFiles

/// Runs one session in turns that never wait: takes what came, lets the pipeline route it, and brings everything to its end.
struct SessionLoop: ~Copyable {
    private enum Phase {
        /// Events come.
        case routing
        /// The source has ended; calls run.
        case answering
        /// The last event is routed; deliveries are under way.
        case draining
        case over
    }

    private var pipeline: EventPipeline
    private let intake: SessionIntake
    private let control: RunControl
    private let writer: OutboundWriter
    private let environment: RouterEnvironment
    private var clock: any RouterClock { environment.clock }
    /// Reads ahead what a recording's client answered.
    private var outputsAhead: OutputsAhead
    /// How long nothing may come before the session ends.
    private let idleLimit: Duration?
    /// How long the session may last, if there is a limit.
    private var duration: DurationLimit?

    private var phase = Phase.routing
    private var batch = EventBatch(bytes: [], lines: [])
    private var index = 0
    /// When something came last.
    private var lastArrival: Duration
    private(set) var failure: (any Error)?
    private var end: (at: Double?, reason: SessionEndReason) = (nil, .endOfSource)
    private var hasCancelled = false
    /// When client events are given up that the deadline of a shutdown, or the session's end, finds waiting.
    private var giveUpSending: Duration?

    init(
        _ pipeline: consuming EventPipeline, intake: SessionIntake, control: RunControl, writer: OutboundWriter,
        environment: RouterEnvironment, idleLimit: Duration?, longest: Duration? = nil,
        outputsAhead: OutputsAhead
    ) {
        self.pipeline = pipeline
        self.intake = intake
        self.control = control
        self.writer = writer
        self.environment = environment
        self.idleLimit = idleLimit
        self.outputsAhead = outputsAhead
        let now = environment.clock.now
        lastArrival = now
        duration = longest.map { DurationLimit($0, begun: now) }
    }

    /// Does what there is to do, as far as it goes without waiting; after a few batches others have their turns.
    mutating func turn() -> SessionSignal.Next {
        for _ in 1..<Self.steps {
            let next = step()
            guard case .again = next else { return next }
        }
        return step()
    }

    /// The most steps of a turn. One routes a batch at most.
    private static let steps = 8

    private mutating func step() -> SessionSignal.Next {
        switch phase {
        case .routing:
            do { return bounded(try route()) } catch {
                endSource(SourceEnd(failure: error))
                return .again
            }
        case .answering:
            return settle(until: { $0.state.owedCalls == 0 }) { loop in
                loop.pipeline.finish()
                loop.phase = .draining
            }
        case .draining:
            return settle(until: { $0.allLanes.all.allSatisfy(\.isSettled) }) { loop in
                loop.pipeline.endRecording(at: loop.end.at, loop.end.reason)
                loop.phase = .over
            }
        case .over:
            writer.end()
            pipeline.inbox.close()
            return .over
        }
    }

    private mutating func route() throws -> SessionSignal.Next {
        guard !control.isStopping else {
            endSource(SourceEnd())
            return .again
        }
        watchDuration()
        try attend()
        // While a new connection waits for its first event nothing else makes room for what is to be sent.
        guard !pipeline.outgoing.isBlocked, pipeline.outbound.isEmpty || writer.isHeld else {
            // Nothing is read then, also not the end.
            if intake.hasEnd { limitSending() }
            return .rest(until: giveUpSending)
        }
        let pause = pipeline.process(batch, from: &index)
        if pipeline.isCostReached {
            pipeline.isCostReached = false
            end(atLimit: .maxCost)
        }
        switch pause {
        case .attend: return .again
        case .notYet(let duration): return .rest(until: clock.now + duration)
        case .awaitingCalls: return .rest(until: nil)
        case .awaitingOutputs:
            guard let outputs = try outputsAhead.take(waking: control.signal, in: environment) else {
                return .rest(until: nil)
            }
            pipeline.note(recordedOutputs: outputs)
            return .again
        case .batchDone: return takeNext()
        }
    }

    private mutating func takeNext() -> SessionSignal.Next {
        // Before the intake is emptied, so that words that wait there are never missed in between.
        control.note(hasPendingWords: true)
        switch intake.take() {
        case .batch(let next, let moment):
            (batch, index) = (next, 0)
            lastArrival = max(lastArrival, next.origins.last?.cameAt ?? moment)
            pipeline.noteArrival(moment)
            return .again
        case .connection(let change, let moment):
            pipeline.note(change, cameAt: moment)
            return .again
        case .notice(let notice):
            pipeline.take(notice)
            return .again
        case .none:
            batch = EventBatch(bytes: [], lines: [])
            index = 0
            control.note(hasPendingWords: pipeline.state.hasPendingWords())
            pipeline.rest()
            return listen()
        case .end(let end):
            endSource(end)
            return .again
        }
    }

    /// Waits until something comes, or until it is time to tell that nothing does.
    private mutating func listen() -> SessionSignal.Next {
        let now = clock.now
        let idle = idleLimit.map { lastArrival + $0 }
        if let idle, idle <= now, intake.closeIfEmpty() {
            endSource(SourceEnd(reason: .idle))
            return .again
        }
        guard let alarm = pipeline.nextAlarm else { return .rest(until: idle) }
        guard alarm > now else {
            pipeline.tellSilence()
            return .again
        }
        return .rest(until: min(alarm, idle ?? alarm))
    }

    /// Tells the pipeline that nothing more comes.
    private mutating func endSource(_ source: SourceEnd) {
        phase = .answering
        failure = source.failure
        if source.isConnectionGone {
            pipeline.endConnection()
            writer.lose()
        }
        let usual = failure == nil ? pipeline.recordedEnd ?? .endOfSource : .disconnected
        end.at = pipeline.timeOfEvents
        if let at = end.at, pipeline.tellsSilence { pipeline.tellSilence(upTo: at) }
        end.reason = control.isStopping ? .interrupted : source.reason ?? usual
        batch = EventBatch(bytes: [], lines: [])
        control.notice.give(end.reason)
        intake.close()
        pipeline.endOfSource(end.reason)
        for lane in pipeline.lanes { lane.endOfSource() }
        control.note(hasPendingWords: false)
    }

    /// Attends to answers and queues until nothing is left to do and the condition holds.
    private mutating func settle(
        until isSettled: (borrowing EventPipeline) -> Bool, then goOn: (inout SessionLoop) -> Void
    ) -> SessionSignal.Next {
        do { try attend() } catch {
            failure = failure ?? error
            // What attending comes to after sending was not done, and nothing will wake the session for it.
            return .again
        }
        if control.isExpired && !hasCancelled {
            hasCancelled = true
            pipeline.cancelCalls()
            for lane in pipeline.allLanes.all { lane.expire() }
            giveUpSending = giveUpSending ?? clock.now + OutboundWriter.grace
            return .again
        }
        limitSending()
        // In this order: what a handler leaves in the inbox is there before its delivery is settled.
        guard isSettled(pipeline), isAtRest, writer.isIdle else { return .rest(until: giveUpSending) }
        goOn(&self)
        return .again
    }

    /// What waits at the end for somebody who may never come is given up after a time.
    private mutating func limitSending() {
        if giveUpSending == nil, writer.waitsForReader { giveUpSending = clock.now + OutboundWriter.grace }
    }

    /// Whether nothing waits for the session, but what the writer has.
    private var isAtRest: Bool {
        !pipeline.outgoing.isBlocked && !pipeline.hasWishes && pipeline.outbound.isEmpty && !pipeline.hasRelease
    }

    /// Serves the inbox, sends what may go out, and tries the queues that were full.
    private mutating func attend() throws {
        if let moment = giveUpSending, clock.now >= moment {
            giveUpSending = nil
            writer.end()
        }
        if let replacement = control.takeReplacement() {
            pipeline.replaceRules(
                by: replacement.rules, isSourceOver: phase != .routing, wakes: control.signal)
            replacement.swap.finish()
        }
        let lost = writer.takeLost()
        if !lost.isEmpty { pipeline.noteLost(lost) }
        if let release = pipeline.takeRelease() {
            writer.release(connection: release.connection, leading: release.leading)
        }
        repeat {
            pipeline.serveInbox()
            if !pipeline.outbound.isEmpty { send() }
        } while pipeline.hasWishes
        if let failure = writer.takeFailure() { throw failure }
        if pipeline.outgoing.isBlocked { pipeline.handOver(retries: true) }
    }

    /// Gives the writer what it has room for. After a failure nothing is sent any more: the other side would get a part of an order.
    private mutating func send() {
        let count = pipeline.outbound.firstIndex { !writer.offer($0) } ?? pipeline.outbound.count
        pipeline.outbound.removeFirst(count)
    }
}

// MARK: - Limits

extension SessionLoop {
    /// Tells the session that it will end at its longest duration, or ends it.
    fileprivate mutating func watchDuration() {
        guard let longest = duration?.longest else { return }
        let (now, hasStarted) = (clock.now, pipeline.hasStarted)
        switch duration?.take(at: now, hasStarted: hasStarted) {
        case .notice(let remaining)?: pipeline.announce(remaining: remaining, of: longest)
        case .end?: end(atLimit: .maxDuration)
        case nil: break
        }
    }

    /// Takes nothing more; what has come is still routed.
    fileprivate func end(atLimit reason: SessionEndReason) {
        if intake.end(SourceEnd(reason: reason)) { control.notice.give(reason) }
    }

    /// What the session does next, but no later than its longest duration wants it.
    fileprivate func bounded(_ next: SessionSignal.Next) -> SessionSignal.Next {
        guard let due = duration?.next(hasStarted: pipeline.hasStarted), case .rest(let moment) = next else {
            return next
        }
        return .rest(until: min(due, moment ?? due))
    }
}

// MARK: - What it came to

extension SessionLoop {
    /// The counts so far.
    var counts: RunCounts { pipeline.counts }

    /// What the session came to up to now.
    func report(of lanes: RunLanes) -> RunReport {
        let counts = pipeline.counts
        var report = RunReport()
        report.isLive = pipeline.scope.session.isInteractive
        report.events = counts.events
        report.clientEvents = counts.clientEvents
        report.derived = counts.derived
        report.derivedMatched = counts.derivedMatched
        report.undecodable = counts.undecodable
        report.unmatched = counts.unmatched
        report.unroutedCalls = counts.unroutedCalls
        report.hasTimes = counts.hasTimes
        report.undatedRoutes = counts.undatedRoutes.sorted().map { counts.routeNames[$0] }
        report.sessions = counts.events == 0 ? 0 : pipeline.state.sessionCount
        report.unheardSessions = pipeline.state.unheardSessions
        let outbound = writer.counts
        report.sent = outbound.sent
        report.unsent = outbound.unsent + counts.unsent + pipeline.outbound.count + pipeline.inbox.refusedCount
        report.refusals = counts.refusals.all
        report.outboundWaits = outbound.waits
        report.audioDropped = intake.shortenedCount
        report.routes = counts.matched
        report.handlers = lanes.counts(pipeline.lanes.map(\.target.name))
        report.eventsByType = EventType.Code.allCases.compactMap { code in
            let count = counts.byCode[Int(code.rawValue)]
            return count > 0 ? (code == .unknown ? "" : EventType(code).name, count) : nil
        }
        report.explanations = pipeline.explainer?.explanations ?? []
        report.wasInterrupted = control.isStopping
        report.failure = failure
        return report
    }
}
