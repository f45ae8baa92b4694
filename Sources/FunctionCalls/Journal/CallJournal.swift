import EventJSON
import EventRouter
import RealtimeEvents
import Synchronization

/// The journal of calls, as ``FunctionCallHandler`` describes it: it is written ahead, and remembers what it says.
///
/// A handler that takes the place of another one uses the same journal, until the other one leaves it.
final class CallJournal: Sendable {
    /// What a handler wants of its journal.
    struct Use: Sendable {
        /// Which calls stand for others, by the function's name.
        var rules: [String: OnceRule]
        /// The size from which on the file is moved aside; nil for never.
        var maximumSize: Int?
    }

    private struct State {
        /// Those that use it, and what they want; the last one's word counts.
        var users: [(handler: ObjectIdentifier, use: Use)] = []
        var use: Use { users.last?.use ?? Use(rules: [:], maximumSize: nil) }
        /// What the journal says, once somebody asked.
        var index: JournalIndex?
        /// The number that the file which is written will have when it is full.
        var number: Int32 = 1
        /// Whether the open file can be read again, which a pipe or a device cannot.
        var isRegular = false
    }

    private let file: LineFile?
    private let files: JournalFiles
    private let clock: any RouterClock
    private let state = Mutex(State())

    init(path: String?, in environment: RouterEnvironment) {
        file = path.map { LineFile(path: $0, isExclusive: true, by: environment.files) }
        files = JournalFiles(path: path ?? "", operations: environment.files)
        clock = environment.clock
    }

    /// Whether it is a file that can be read again.
    private var isReadable: Bool { file.map { $0.path != "-" && $0.path != LineFile.standardError } ?? false }

    /// Opens and locks the file for a handler.
    ///
    /// - Throws: `FileFailure` or ``JournalFailure``; the file is not locked then.
    func open(for handler: AnyObject, _ use: Use) throws {
        guard let file else { return }
        try file.open()
        let last: Int32?
        do {
            if isReadable { try files.undoHalfMove() }
            last = isReadable ? try files.archives().last : nil
        } catch {
            file.close()
            throw error
        }
        state.withLock { state in
            state.users = [(ObjectIdentifier(handler), use)]
            state.isRegular = file.isRegular
            state.index = nil
            state.number = (last ?? 0) + 1
        }
    }

    /// Whether a handler that wants the file of another journal has to use this one, as the file is locked.
    func isSame(as other: CallJournal) -> Bool { isReadable && other.isReadable && files.path == other.files.path }

    /// Lets a handler use the open file as well; from now on it goes by what that one wants.
    func join(_ handler: AnyObject, _ use: Use) {
        state.withLock { state in
            state.users.append((ObjectIdentifier(handler), use))
            // What is known of calls that stand for others depends on the rules.
            state.index = nil
        }
    }

    /// A handler does not use it any longer. The file is closed behind the last one.
    func leave(_ handler: AnyObject) {
        let isUnused = state.withLock { state in
            state.users.removeAll { $0.handler == ObjectIdentifier(handler) }
            if !state.users.isEmpty { state.index = nil }
            return state.users.isEmpty
        }
        if isUnused { file?.close() }
    }

    /// Takes the counts of lines that could not be written.
    func reportUnwritten(to records: UnwrittenRecords) { file?.reportUnwritten(to: records) }

    /// The lines of the file and of those that were full; nil when there is none.
    var records: RecordLines? { isReadable ? RecordLines(path: files.path) : nil }

    /// How many of the lines that were read broke off.
    var tornLines: Int { state.withLock { $0.index?.tornLines ?? 0 } }

    /// Reads what earlier runs wrote, unless that was done.
    func readBack() throws { try state.withLock { try readBack(&$0) } }

    private func readBack(_ state: inout State) throws {
        guard state.index == nil, isReadable, state.isRegular else { return }
        var index = JournalIndex(rules: state.use.rules)
        for number in try files.archives() + [state.number] {
            try JournalFiles.read(number == state.number ? files.path : files.archive(number)) { line, offset in
                index.note(line, at: JournalPlace(file: number, offset: offset))
            }
        }
        state.index = index
    }

    /// What the journal knows of a call.
    ///
    /// - Throws: ``JournalFailure`` when the journal cannot be read.
    func past(of taken: TakenCall) throws -> PastCall? {
        try past { $0.ending(of: taken.identity) }
    }

    /// The occurrence of a call as the journal counts it; no other call gets it from now on.
    ///
    /// - Throws: ``JournalFailure`` when the journal cannot be read.
    func reserveOccurrence(of call: CallIdentity) throws -> Int {
        try state.withLock { state in
            try readBack(&state)
            return state.index?.reserveOccurrence(of: call) ?? call.occurrence
        }
    }

    /// What the journal knows of the last call that meant the same, as far as that still counts.
    ///
    /// - Throws: ``JournalFailure`` when the journal cannot be read.
    func past(ofCallsLike taken: TakenCall) throws -> PastCall? {
        guard let key = taken.onceKey, let rule = taken.function?.policy.once else { return nil }
        let first = Timestamp(unix: clock.wallTime - rule.within.seconds).description
        return try past { $0.ending(of: key, since: first) }
    }

    private func past(_ find: (JournalIndex) -> JournalEnding?) throws -> PastCall? {
        try state.withLock { state in
            try readBack(&state)
            switch state.index.flatMap(find) {
            case nil, .reserved?: return nil
            case .open?: return .open
            case .finished(let place)?:
                let path = place.file == state.number ? files.path : files.archive(place.file)
                let line = JournalFiles.line(of: path, at: place.offset)
                // The file may have been removed meanwhile, or the session forgotten: then nobody knows any more.
                guard let value = line.flatMap({ try? JSONValue(parsing: $0) }), value["call_id"] != nil else {
                    return .open
                }
                return .finished(output: value["output"]?.string, error: value["error"]?.string)
            }
        }
    }

    /// Writes that a call starts; before that the file is moved aside when it is full.
    ///
    /// - Throws: `FileFailure` when that could not be written; the line is counted then.
    func recordStart(of taken: TakenCall, queued: Duration) throws {
        guard file != nil else { return }
        var writer = head(of: taken, state: "started")
        writer.field("queued_ms", queued.milliseconds)
        writer.field("labels", taken.writtenLabels)
        writer.endObject()
        try write(writer.bytes, mayMove: true)
    }

    /// Writes how a call ended.
    func recordEnd(of taken: TakenCall, _ outcome: FunctionCallOutcome, _ report: FunctionCallReport) {
        guard file != nil else { return }
        var writer = head(of: taken, state: report.state.rawValue)
        writer.field("exit_status", report.exitStatus)
        writer.field("signal", report.signal)
        let redaction = taken.session.redaction
        writer.field("output", outcome.output.map { redaction.redacted($0, isCut: report.isTruncated) })
        writer.field("error", report.error.map { redaction.redacted($0, isCut: true) })
        writer.field("stderr", report.standardError.map { redaction.redacted($0, isCut: true) })
        writer.field("queued_ms", outcome.queuedMs)
        writer.field("ran_ms", outcome.ranMs)
        writer.field("output_bytes", report.outputBytes)
        if report.isTruncated {
            writer.key("truncated")
            writer.bool(true)
        }
        // Whether an answer that there is reaches the model is the session's to know.
        if outcome.output == nil || outcome.sent == false {
            writer.key("sent")
            writer.bool(false)
        }
        writer.field("unsent_reason", outcome.unsentReason?.rawValue)
        writer.field("labels", taken.writtenLabels)
        writer.endObject()
        // The line is counted; the call has its outcome all the same.
        try? write(writer.bytes, mayMove: false)
    }

    /// Writes that the output of a call that ended was not sent after all.
    func recordUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {
        guard file != nil else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", call.session ?? session.key)
        writer.field("session_id", session.sessionID)
        writer.field("time", Timestamp(unix: clock.wallTime).description)
        writer.field("call_id", call.callID)
        writer.field("occurrence", call.laterOccurrence)
        writer.field("state", "unsent")
        writer.key("sent")
        writer.bool(false)
        writer.field("unsent_reason", reason.rawValue)
        writer.endObject()
        // The line is counted.
        try? write(writer.bytes, mayMove: false)
    }

    private func write(_ line: [UInt8], mayMove: Bool) throws {
        guard let file else { return }
        do { try write(line, to: file, mayMove: mayMove) } catch {
            file.countUnwritten(error)
            throw error
        }
    }

    private func write(_ line: [UInt8], to file: LineFile, mayMove: Bool) throws {
        try state.withLock { state in
            if mayMove, isReadable, state.isRegular, let maximumSize = state.use.maximumSize, file.size >= maximumSize {
                try file.moveAside(to: files.archive(state.number))
                state.number += 1
            }
            let place = JournalPlace(file: state.number, offset: try file.write(line))
            state.index?.note(line, at: place)
        }
    }

    private func head(of taken: TakenCall, state: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", taken.sessionKey)
        writer.field("session_id", taken.identity.sessionID)
        writer.field("time", Timestamp(unix: clock.wallTime).description)
        writer.field("call_id", taken.id)
        writer.field("occurrence", taken.call.occurrence)
        writer.field("response_id", taken.call.responseID)
        writer.field("item_id", taken.call.itemID)
        // A name that no function has is the model's own words.
        writer.field("name", taken.function?.name ?? taken.call.name.map { taken.session.redaction.redacted($0) })
        writer.field("arguments", taken.writtenArguments.map(taken.session.redaction.redacted))
        writer.field("state", state)
        writer.field("decided_by", taken.decidedBy.map { taken.session.redaction.redacted($0) })
        return writer
    }
}

/// What the journal knows of a call of an earlier run.
enum PastCall: Sendable {
    /// It was started, and nothing says how it ended.
    case open
    /// It ended, with what the model got.
    case finished(output: String?, error: String?)
}

/// What becomes of a call that the journal holds from an earlier run: the same session, `call_id` and occurrence of it. Sessions are
/// the same if the server's `session_id` is; where that is missing, if the router's key is.
package enum RecordedCalls: String, Sendable, Hashable, CaseIterable {
    /// It runs again.
    case run
    /// It is answered from the journal; one that was started and has no end there is answered with an error, for nobody
    /// knows whether it was done.
    case journal
}
