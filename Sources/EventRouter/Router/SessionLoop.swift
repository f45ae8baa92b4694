import RealtimeEvents
import RealtimeSession
import RecordFiles

/// Runs one session in turns that never wait: takes received messages, routes them, and finishes the session.
struct SessionLoop: ~Copyable {
    private enum Phase {
        /// Events are being routed.
        case routing
        /// The source has ended; calls are running.
        case answering
        /// The last event is routed; deliveries are in progress.
        case draining
        case over
    }

    private var pipeline: EventPipeline
    private let intake: SessionIntake
    private let control: RunControl
    private let writer: OutboundWriter
    private let environment: RouterEnvironment
    private var clock: any RouterClock { environment.clock }
    /// Reads recorded outputs of calls ahead.
    private var outputsAhead: RecordedOutputReader
    /// The time without messages after which the session ends.
    private let idleLimit: Duration?
    /// The limit on the session's duration; nil if there is no limit.
    private var duration: DurationLimit?

    private var phase = Phase.routing
    private var batch = EventBatch(bytes: [], lines: [])
    private var index = 0
    /// The time of the last arrival.
    private var lastArrival: Duration
    private(set) var failure: (any Error)?
    private var end: (at: Double?, reason: SessionEndReason) = (nil, .endOfSource)
    private var hasCancelled = false
    /// The time at which client events that wait at a shutdown's deadline, or at the session's end, are dropped.
    private var sendDeadline: Duration?

    init(
        _ pipeline: consuming EventPipeline, intake: SessionIntake, control: RunControl, writer: OutboundWriter,
        environment: RouterEnvironment, idleLimit: Duration?, longest: Duration? = nil,
        outputsAhead: RecordedOutputReader
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

    /// Does all work that is possible without waiting. After a few batches it returns, so that other sessions get their
    /// turns.
    mutating func turn() -> SessionSignal.Next {
        for _ in 1..<Self.steps {
            let next = step()
            guard case .again = next else { return next }
        }
        return step()
    }

    /// The largest number of steps of a turn. A step routes at most one batch.
    private static let steps = 8

    private mutating func step() -> SessionSignal.Next {
        switch phase {
        case .routing:
            do { return bounded(try route()) } catch {
                endSource(SourceEnd(failure: error))
                return .again
            }
        case .answering:
            return settle(until: { $0.state.outstandingCallCount == 0 }) { loop in
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
        // While a new connection waits for its first event, outbound events must not stop routing, because only an
        // event lets them be sent.
        guard !pipeline.outgoing.isBlocked, pipeline.outbound.isEmpty || writer.isHeld else {
            // Nothing is read now, not even the end of the source.
            if intake.hasEnd { limitSending() }
            return .rest(until: sendDeadline)
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
        // Set before the intake is emptied, so that words that wait there are never missed.
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

    /// Rests until something arrives or a timeout is due.
    private mutating func listen() -> SessionSignal.Next {
        let now = clock.now
        let idle = idleLimit.map { lastArrival + $0 }
        if let idle, idle <= now, intake.closeIfEmpty() {
            endSource(SourceEnd(reason: .idle))
            return .again
        }
        guard let alarm = pipeline.nextAlarm else { return .rest(until: idle) }
        guard alarm > now else {
            pipeline.fireTimeouts()
            return .again
        }
        return .rest(until: min(alarm, idle ?? alarm))
    }

    /// Ends the source in the pipeline.
    private mutating func endSource(_ source: SourceEnd) {
        phase = .answering
        failure = source.failure
        if source.isConnectionGone {
            pipeline.endConnection()
            writer.lose()
        }
        let usual = failure == nil ? pipeline.recordedEnd ?? .endOfSource : .disconnected
        end.at = pipeline.timeOfEvents
        if let at = end.at, pipeline.firesDueTimeouts { pipeline.fireTimeouts(upTo: at) }
        end.reason = control.isStopping ? .interrupted : source.reason ?? usual
        batch = EventBatch(bytes: [], lines: [])
        control.notice.notify(end.reason)
        intake.close()
        pipeline.endOfSource(end.reason)
        for lane in pipeline.lanes { lane.endOfSource() }
        control.note(hasPendingWords: false)
    }

    /// Attends to commands and queues until nothing is left and the condition holds.
    private mutating func settle(
        until isSettled: (borrowing EventPipeline) -> Bool, then goOn: (inout SessionLoop) -> Void
    ) -> SessionSignal.Next {
        do { try attend() } catch {
            failure = failure ?? error
            // The steps of `attend()` after the failure were skipped, and nothing else will wake the session for them.
            return .again
        }
        if control.isExpired && !hasCancelled {
            hasCancelled = true
            pipeline.cancelCalls()
            for lane in pipeline.allLanes.all { lane.expire() }
            sendDeadline = sendDeadline ?? clock.now + OutboundWriter.grace
            return .again
        }
        limitSending()
        // Check in this order: a handler's commands are queued before its delivery is settled.
        guard isSettled(pipeline), isAtRest, writer.isIdle else { return .rest(until: sendDeadline) }
        goOn(&self)
        return .again
    }

    /// Sets a deadline for client events that wait at the end for a reader or a connection, which may never be
    /// available.
    private mutating func limitSending() {
        if sendDeadline == nil, writer.waitsForReader { sendDeadline = clock.now + OutboundWriter.grace }
    }

    /// Whether nothing is left to do in the session, except in the writer.
    private var isAtRest: Bool {
        !pipeline.outgoing.isBlocked && !pipeline.hasCommands && pipeline.outbound.isEmpty && !pipeline.hasRelease
    }

    /// Processes commands, passes events to the writer, and retries the queues that were full.
    private mutating func attend() throws {
        if let moment = sendDeadline, clock.now >= moment {
            sendDeadline = nil
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
            pipeline.processCommands()
            if !pipeline.outbound.isEmpty { send() }
        } while pipeline.hasCommands
        if let failure = writer.takeFailure() { throw failure }
        if pipeline.outgoing.isBlocked { pipeline.submitDeliveries(retries: true) }
    }

    /// Passes events to the writer until it is full. After a failure nothing more is sent, because the events would be
    /// incomplete.
    private mutating func send() {
        let count = pipeline.outbound.firstIndex { !writer.offer($0) } ?? pipeline.outbound.count
        pipeline.outbound.removeFirst(count)
    }
}

// MARK: - Limits

extension SessionLoop {
    /// Announces that the session will end at its largest duration, or ends it.
    fileprivate mutating func watchDuration() {
        guard let longest = duration?.longest else { return }
        let (now, hasStarted) = (clock.now, pipeline.hasStarted)
        switch duration?.take(at: now, hasStarted: hasStarted) {
        case .notice(let remaining)?: pipeline.announce(remaining: remaining, of: longest)
        case .end?: end(atLimit: .maxDuration)
        case nil: break
        }
    }

    /// Accepts no more messages; those that were received are still routed.
    fileprivate func end(atLimit reason: SessionEndReason) {
        if intake.end(SourceEnd(reason: reason)) { control.notice.notify(reason) }
    }

    /// Limits a rest to the next step of the session's largest duration.
    fileprivate func bounded(_ next: SessionSignal.Next) -> SessionSignal.Next {
        guard let due = duration?.next(hasStarted: pipeline.hasStarted), case .rest(let moment) = next else {
            return next
        }
        return .rest(until: min(due, moment ?? due))
    }
}

// MARK: - Report

extension SessionLoop {
    /// The counts so far.
    var counts: RunCounts { pipeline.counts }

    /// The session's report so far.
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
        report.untranscribedSessions = pipeline.state.untranscribedSessions
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
