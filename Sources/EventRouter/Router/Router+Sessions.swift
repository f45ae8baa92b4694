import EventJSON
import Logging
import RealtimeEvents
import RealtimeSession
import RecordFiles
import Synchronization

extension Router {
    /// Creates a session and begins to route its events.
    ///
    /// - Parameters:
    ///   - outbound: The sink for its client events; nil if a reader takes them.
    ///   - recording: Makes the files for its recording.
    ///   - end: Called when the session is over.
    func attach(
        _ description: SessionDescription, outbound: (any OutboundSink)?, started: Double?,
        recording: (_ key: String) throws -> [RecordingFile], end: @escaping @Sendable (AttachedSession) -> Void
    ) throws -> AttachedSession {
        let control = RunControl(timers, outlastsShutdown: description.outlastsShutdown)
        let entry = try state.withLock { try $0.enter(control, description) }
        do {
            let files = try recording(entry.key)
            for file in files { file.reportUnwritten(to: unwritten) }
            let session = makeSession(
                description, entry, control, description.readsOutbound ? nil : outbound, started, files)
            activity?.begin(entry.id, of: description.figuresName) { (session.counts, session.lanes.counts([])) }
            session.begin { [self] session in
                activity?.end(entry.id)
                intervals.forget(run: entry.id)
                state.withLock { $0.leave(entry.id) }
                end(session)
            }
            return session
        } catch {
            state.withLock { $0.leave(entry.id) }
            control.end()
            throw error
        }
    }

    private func makeSession(
        _ description: SessionDescription, _ entry: RouterState.Entry, _ control: RunControl,
        _ outbound: (any OutboundSink)?, _ started: Double?, _ files: [RecordingFile]
    ) -> AttachedSession {
        let (active, options) = (entry.active, entry.options)
        let recording = makeRecording(description, entry, files)
        let lanes = RunLanes()
        for runtime in active.runtimes {
            _ = lanes.begin(runtime, isLive: description.isInteractive, wakes: control.signal)
        }
        let writer = OutboundWriter(
            outbound, session: description.address ?? entry.key, isAddressed: description.isAddressed,
            capacity: options.outboundCapacity, signal: control.signal, environment: environment, unwritten: unwritten,
            logger: logger,
            recording: recording)
        let intake = SessionIntake(
            signal: control.signal, clock: clock, maxEventBytes: options.maxEventBytes,
            waitingBytes: description.waitingBytes)
        let pipeline = makePipeline(description, entry, lanes, control, started, recording)
        let loop = SessionLoop(
            pipeline, intake: intake, control: control, writer: writer, environment: environment,
            idleLimit: description.idleLimit,
            longest: description.isLive ? description.limits.maxDuration : nil,
            outputsAhead: RecordedOutputReader(description.outputsAhead ?? { [:] }))
        return AttachedSession(
            key: entry.key, loop, control: control, intake: intake, writer: writer, lanes: lanes, clock: clock)
    }

    private func makePipeline(
        _ description: SessionDescription, _ entry: RouterState.Entry, _ lanes: RunLanes, _ control: RunControl,
        _ started: Double?, _ recording: SessionRecording?
    ) -> EventPipeline {
        let (active, options, key) = (entry.active, entry.options, entry.key)
        var configuration = SessionConfiguration(
            key: key, labels: SessionLabel.values(of: description.labels), source: description.source,
            isInteractive: description.isInteractive, transcriptTimeout: options.transcriptTimeout,
            deadlines: options.deadlines, observed: active.rules.observed,
            recordedOutputs: description.recordedOutputs, rerunCalls: options.rerunsCalls, dialect: options.dialect)
        configuration.sessionID = description.sessionID
        configuration.followingKey = { [self] number in
            state.withLock { $0.takeKey(key, after: number, of: entry.id) }
        }
        var pipeline = EventPipeline(
            active, options: options, lanes: lanes, inbox: control.inbox,
            session: RouterSession(
                key: key, labels: description.labels, isInteractive: description.isInteractive,
                redaction: active.rules.redaction, receive: control.inbox.put),
            labels: description.labels, state: SessionState(configuration),
            awaitsOutputs: description.outputsAhead != nil, clock: clock, isLive: description.isLive,
            time: SessionTime(
                started: started, isInteractive: description.isInteractive, isLive: description.isLive, run: entry.id),
            intervals: intervals, rooms: rooms, observer: observer,
            explainer: explaining.map { RouteExplainer($0, active.rules) }, recording: recording,
            description: description)
        pipeline.unpriced = unpriced
        pipeline.cost = costLimit(description, entry)
        return pipeline
    }

    /// The cost limit of a live session, with the table's prices at its beginning; nil if there is no limit or there
    /// are no prices.
    private func costLimit(_ description: SessionDescription, _ entry: RouterState.Entry) -> CostLimit? {
        guard description.isLive, let highest = description.limits.maxCost else { return nil }
        guard let meter = state.withLock({ $0.table.pricing })?.makeMeter() else {
            unpriced.noteLack(session: entry.key)
            return nil
        }
        return CostLimit(highest, meter)
    }

    /// Creates the recording files of a session: that of its run, and that of its source.
    ///
    /// If both have the same path, only the run's file is made. A file that cannot be made is counted as unwritten, and
    /// the session continues without it. Only the run's first session is then not opened.
    ///
    /// - Parameters:
    ///   - key: The session's key.
    ///   - isFirst: Whether the session is the first of the run.
    ///   - run: Makes the file of the run.
    ///   - source: The recordings of the source.
    /// - Throws: Any error of `run` for the first session; otherwise errors of `run` other than write errors.
    func recordingFiles(
        of key: String, isFirst: Bool, _ run: (_ key: String) throws -> RecordingFile?, _ source: RecordingFiles?
    ) throws -> [RecordingFile] {
        var files: [RecordingFile] = []
        do {
            if let file = try run(key) { files.append(file) }
        } catch let error as any RecordWriteError where !isFirst {
            unwritten.add(error)
        }
        guard let source, !files.contains(where: { $0.isAt(source.path(of: key)) }) else { return files }
        do {
            files.append(try source.begin(session: key))
        } catch {
            let path = source.path(of: key)
            unwritten.add((error as? any RecordWriteError) ?? FileFailure(path: path, reason: "\(error)"))
        }
        return files
    }

    /// Creates the writer of a session's recording; nil without files.
    func makeRecording(
        _ description: SessionDescription, _ entry: RouterState.Entry, _ files: [RecordingFile]
    ) -> SessionRecording? {
        guard !files.isEmpty else { return nil }
        var logger = logger
        logger[metadataKey: "source"] = "\(description.source)"
        return SessionRecording(
            files, redaction: entry.active.rules.redaction, dialect: entry.options.dialect, clock: clock
        ) { [logger, key = entry.key, hidden] file in
            logger.warning(
                "a recording is full, and what follows in its session is not recorded",
                metadata: ["session": "\(key)", "file": "\(hidden.hide(in: file.path))"])
        }
    }
}
