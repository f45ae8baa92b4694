import EventJSON
import EventRouter
import RealtimeEvents
import Synchronization

/// The journal that ``FunctionCallHandler`` describes: writes a line before a call starts, and looks up past calls.
///
/// A handler and its successor share a journal until the old handler detaches from it.
final class CallJournal: Sendable {
    /// A handler's settings for its journal.
    struct Settings: Sendable {
        /// The rules that define equivalent calls, by the function's name.
        var rules: [String: OnceRule]
        /// The size in bytes at which the file is renamed; nil if it is never renamed.
        var maximumSize: Int?
    }

    private struct State {
        /// The handlers that use the journal, with their settings. The settings of the last handler apply.
        var users: [(handler: ObjectIdentifier, settings: Settings)] = []
        var settings: Settings { users.last?.settings ?? Settings(rules: [:], maximumSize: nil) }
        /// The index of past calls; nil until the journal is read.
        var index: JournalIndex?
        /// The number that the current file gets when it is renamed.
        var number: Int32 = 1
        /// Whether the open file can be read again, unlike a pipe or a device.
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

    /// Whether the path can name a file that can be read again.
    private var isReadable: Bool { file.map { $0.path != "-" && $0.path != LineFile.standardError } ?? false }

    /// Opens and locks the file for a handler.
    ///
    /// - Throws: `FileFailure` or ``JournalFailure``; the file is not locked in that case.
    func open(for handler: AnyObject, _ settings: Settings) throws {
        guard let file else { return }
        try file.open()
        let last: Int32?
        do {
            if isReadable { try files.undoInterruptedMove() }
            last = isReadable ? try files.archives().last : nil
        } catch {
            file.close()
            throw error
        }
        state.withLock { state in
            state.users = [(ObjectIdentifier(handler), settings)]
            state.isRegular = file.isRegular
            state.index = nil
            state.number = (last ?? 0) + 1
        }
    }

    /// Whether both journals have the same file, so that they have to share the lock.
    func usesSameFile(as other: CallJournal) -> Bool {
        isReadable && other.isReadable && files.path == other.files.path
    }

    /// Lets another handler use the open file; its settings apply from now on.
    func attach(_ handler: AnyObject, _ settings: Settings) {
        state.withLock { state in
            state.users.append((ObjectIdentifier(handler), settings))
            // The index of equivalent calls depends on the rules.
            state.index = nil
        }
    }

    /// Ends a handler's use of the journal. Closes the file when no handler uses it.
    func detach(_ handler: AnyObject) {
        let isUnused = state.withLock { state in
            state.users.removeAll { $0.handler == ObjectIdentifier(handler) }
            if !state.users.isEmpty { state.index = nil }
            return state.users.isEmpty
        }
        if isUnused { file?.close() }
    }

    /// Uses `records` to count lines that could not be written.
    func reportUnwritten(to records: UnwrittenRecords) { file?.reportUnwritten(to: records) }

    /// The lines of all of the journal's files; nil if they cannot be read.
    var records: RecordLines? { isReadable ? RecordLines(path: files.path) : nil }

    /// The number of truncated lines found while reading.
    var tornLines: Int { state.withLock { $0.index?.tornLines ?? 0 } }

    /// Reads the files and builds the index, unless it exists.
    func readBack() throws { try state.withLock { try readBack(&$0) } }

    private func readBack(_ state: inout State) throws {
        guard state.index == nil, isReadable, state.isRegular else { return }
        var index = JournalIndex(rules: state.settings.rules)
        for number in try files.archives() + [state.number] {
            try JournalFiles.read(number == state.number ? files.path : files.archive(number)) { line, offset in
                index.record(line, at: JournalPosition(file: number, offset: offset))
            }
        }
        state.index = index
    }

    /// The journaled outcome of a call; nil if the call never started.
    ///
    /// - Throws: ``JournalFailure`` if the journal cannot be read.
    func outcome(of pending: PendingCall) throws -> JournaledOutcome? {
        try outcome { $0.state(of: pending.identity) }
    }

    /// The occurrence of a call as the journal counts it, reserved for this call.
    ///
    /// - Throws: ``JournalFailure`` if the journal cannot be read.
    func reserveOccurrence(of call: CallIdentity) throws -> Int {
        try state.withLock { state in
            try readBack(&state)
            return state.index?.reserveOccurrence(of: call) ?? call.occurrence
        }
    }

    /// The journaled outcome of the last equivalent call, within the rule's time.
    ///
    /// - Throws: ``JournalFailure`` if the journal cannot be read.
    func outcome(ofCallsLike pending: PendingCall) throws -> JournaledOutcome? {
        guard let key = pending.onceKey, let rule = pending.function?.policy.once else { return nil }
        let first = Timestamp(unix: clock.wallTime - rule.within.seconds).description
        return try outcome { $0.state(of: key, since: first) }
    }

    private func outcome(_ find: (JournalIndex) -> JournaledState?) throws -> JournaledOutcome? {
        try state.withLock { state in
            try readBack(&state)
            switch state.index.flatMap(find) {
            case nil, .reserved?: return nil
            case .open?: return .open
            case .finished(let position)?:
                let path = position.file == state.number ? files.path : files.archive(position.file)
                let line = JournalFiles.line(of: path, at: position.offset)
                // If the file was removed or the session forgotten meanwhile, the outcome is unknown.
                guard let value = line.flatMap({ try? JSONValue(parsing: $0) }), value["call_id"] != nil else {
                    return .open
                }
                return .finished(output: value["output"]?.string, error: value["error"]?.string)
            }
        }
    }

    /// Writes that a call starts. Before that, renames a file that has reached its maximum size.
    ///
    /// - Throws: `FileFailure` if the line could not be written; the line is counted as unwritten.
    func recordStart(of pending: PendingCall, queued: Duration) throws {
        guard file != nil else { return }
        var writer = head(of: pending, state: "started")
        writer.field("queued_ms", queued.milliseconds)
        writer.field("labels", pending.redactedLabels)
        writer.endObject()
        try write(writer.bytes, mayMove: true)
    }

    /// Writes how a call ended.
    func recordEnd(of pending: PendingCall, _ outcome: FunctionCallOutcome, _ report: FunctionCallReport) {
        guard file != nil else { return }
        var writer = head(of: pending, state: report.state.rawValue)
        writer.field("exit_status", report.exitStatus)
        writer.field("signal", report.signal)
        let redaction = pending.session.redaction
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
        // Only the session knows whether an existing output reaches the model.
        if outcome.output == nil || outcome.sent == false {
            writer.key("sent")
            writer.bool(false)
        }
        writer.field("unsent_reason", outcome.unsentReason?.rawValue)
        writer.field("labels", pending.redactedLabels)
        writer.endObject()
        // A failure is counted as an unwritten line; the call keeps its outcome.
        try? write(writer.bytes, mayMove: false)
    }

    /// Writes that the output of an ended call was not sent.
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
        // A failure is counted as an unwritten line.
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
            if mayMove, isReadable, state.isRegular, let maximumSize = state.settings.maximumSize,
                file.size >= maximumSize
            {
                try file.moveAside(to: files.archive(state.number))
                state.number += 1
            }
            let position = JournalPosition(file: state.number, offset: try file.write(line))
            state.index?.record(line, at: position)
        }
    }

    private func head(of pending: PendingCall, state: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", pending.sessionKey)
        writer.field("session_id", pending.identity.sessionID)
        writer.field("time", Timestamp(unix: clock.wallTime).description)
        writer.field("call_id", pending.id)
        writer.field("occurrence", pending.call.occurrence)
        writer.field("response_id", pending.call.responseID)
        writer.field("item_id", pending.call.itemID)
        // An unknown function's name is text of the model, so it is redacted.
        writer.field("name", pending.function?.name ?? pending.call.name.map { pending.session.redaction.redacted($0) })
        writer.field("arguments", pending.redactedArguments.map(pending.session.redaction.redacted))
        writer.field("state", state)
        writer.field("decided_by", pending.decidedBy.map { pending.session.redaction.redacted($0) })
        return writer
    }
}

/// The outcome of a call in an earlier run, according to the journal.
enum JournaledOutcome: Sendable {
    /// The call was started, and its end is not recorded.
    case open
    /// The call ended; `output` is what the model got.
    case finished(output: String?, error: String?)
}

/// What happens to a call that the journal has from an earlier run, that is, with the same session, `call_id` and
/// occurrence. Sessions are the same if their `session_id` is equal or, if it is missing, the router's key.
package enum RecordedCalls: String, Sendable, Hashable, CaseIterable {
    /// The call runs again.
    case run
    /// The call is answered from the journal. If its start is recorded and its end is not, it is answered with an
    /// error, because its result is unknown.
    case journal
}
