import Logging
import RecordFiles

extension Router {
    /// Makes the files for the recording of a session: that of its run and that of its source, each if there is to be one.
    ///
    /// The file of the run counts where both would be the same. A file that cannot be made is counted as unwritten, and the session goes on
    /// without it; only the run's first session is not opened then.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - isFirst: whether the session is the first of the run.
    ///   - run: makes the file of the run.
    ///   - source: the recordings of the source.
    /// - Throws: what `run` throws for the first session, or throws that is no failure to write.
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

    /// Makes what writes the recording of a session; nil without files.
    func makeRecording(
        _ description: SessionDescription, _ entry: RouterLife.Entry, _ files: [RecordingFile]
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
