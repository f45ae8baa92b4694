public import ConfigSource
import EventJSON
import RouteFile

extension MockRecording {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: a recording or a script.
    ///   - diagnostics: receives the problems in the file, with their locations.
    /// - Returns: nil if an error was reported.
    public static func load(path: String, _ diagnostics: Diagnostics) -> MockRecording? {
        let isScript = path.hasSuffix(".yml") || path.hasSuffix(".yaml")
        do throws(SourceFile.ReadingError) {
            let limit = isScript ? YAMLLimits.maximumBytes : maximumBytes
            return read(try SourceFile(reading: path, limit: limit), isScript: isScript, diagnostics)
        } catch {
            switch error {
            case .system(let reason): diagnostics.error("cannot read \(path): \(reason)")
            case .folder: diagnostics.error("cannot read \(path): it is a folder", help: "give the file itself")
            case .tooLarge: diagnostics.error("cannot read \(path): it is too large")
            }
            return nil
        }
    }

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - file: a recording or a script.
    ///   - isScript: whether it is a script.
    ///   - diagnostics: receives the problems in the file, with their locations.
    /// - Returns: nil if an error was reported.
    public static func read(_ file: SourceFile, isScript: Bool, _ diagnostics: Diagnostics) -> MockRecording? {
        if isScript {
            var reader = ScriptReader(diagnostics)
            return reader.read(file)
        }
        var reader = RecordedLineReader(file, diagnostics)
        return reader.recording()
    }
}

/// Reads the lines of a recording.
struct RecordedLineReader {
    private static let changes = ["end", "lost", "restored", "renewed"]

    private let file: SourceFile
    private let diagnostics: Diagnostics
    private var lines: [RecordedLine] = []
    private var sessions: [String] = []
    private var dialect: String?

    init(_ file: SourceFile, _ diagnostics: Diagnostics) {
        self.file = file
        self.diagnostics = diagnostics
    }

    /// Reads the recording; returns nil if a line is invalid, or there is no server event.
    mutating func recording() -> MockRecording? {
        let bytes = file.bytes[file.textStart...]
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { $0 > 0x20 }) {
            guard read(Array(line), index + 1) else { return nil }
        }
        guard lines.contains(where: { !$0.isClient }) else {
            diagnostics.error(
                "the recording holds no event of the server", in: file,
                help: "a recording has one server event per line, or envelopes with `direction` and `event`")
            return nil
        }
        return assembled()
    }

    private mutating func read(_ text: [UInt8], _ number: Int) -> Bool {
        let object: JSONObject
        do throws(JSONSyntaxError) {
            guard let value = try JSONValue(parsing: text).object else { return skip("is not a JSON object", number) }
            object = value
        } catch {
            return skip("is not JSON: \(error)", number)
        }
        if object["type"]?.string != nil {
            lines.append(RecordedLine(line: number, at: nil, isClient: false, event: object))
            return true
        }
        if let event = object["event"]?.object { return append(event, in: object, number) }
        if object["recording"] != nil {
            dialect = object["dialect"]?.string
            return true
        }
        if Self.changes.contains(where: { object[$0]?.bool == true }) { return true }
        return skip("is neither an event nor an envelope", number)
    }

    private mutating func append(_ event: JSONObject, in envelope: JSONObject, _ number: Int) -> Bool {
        guard event["type"]?.string != nil else { return fail("the event of the line has no `type`", number) }
        if let session = envelope["session"]?.string, !sessions.contains(session) { sessions.append(session) }
        guard sessions.count < 2 else {
            return fail(
                "the recording holds several sessions, \(quoted(sessions[0])) and \(quoted(sessions[1]))", number)
        }
        lines.append(
            RecordedLine(
                line: number, at: envelope["at"]?.double, isClient: envelope["direction"]?.string == "client",
                event: event))
        return true
    }

    /// Warns about a line that cannot be played. Example sessions contain such lines to test clients of the real server.
    private func skip(_ reason: String, _ line: Int) -> Bool {
        diagnostics.warning(
            "skipping this line: it \(reason)", at: SourceLocation(line: line, column: 1), in: file)
        return true
    }

    private func fail(_ message: String, _ line: Int) -> Bool {
        diagnostics.error(message, at: SourceLocation(line: line, column: 1), in: file)
        return false
    }

    private func assembled() -> MockRecording {
        let sessions = lines.filter { !$0.isClient && SessionEventTypes.all.contains($0.type) }
            .compactMap { $0.event["session"]?.object }
        let session = sessions.first ?? [:]
        let steps = RecordingSteps.steps(lines, session)
        return MockRecording(
            path: file.path, steps: steps, session: session,
            latestSession: sessions.reduce(session, ScriptSession.merged), dialect: dialect(of: session),
            isScript: false)
    }

    private func dialect(of session: JSONObject) -> MockDialect {
        if dialect == "translation" || lines.contains(where: { $0.type.hasPrefix("session.output_") }) {
            return .translation
        }
        let isFlat = ["modalities", "input_audio_format", "turn_detection"].contains { session[$0] != nil }
        return isFlat && session["audio"] == nil ? .beta : .ga
    }
}
