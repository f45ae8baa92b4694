import ConfigSource
import EventJSON
package import EventRouter
import LocalCommands
package import RealtimeEvents

extension CommandExecutor {
    /// Why the command has no words for the call's arguments.
    package func refusal(of call: FunctionCall) -> FunctionCallRefusal? {
        do throws(FunctionCallRefusal) {
            _ = try command(for: call)
            return nil
        } catch {
            return error
        }
    }

    /// Runs the command.
    package func run(_ call: FunctionCall) async -> FunctionCallReport {
        do {
            return report(on: try await command(for: call).run())
        } catch is CancellationError {
            return .cancelled()
        } catch let refusal as FunctionCallRefusal {
            return .rejected(refusal)
        } catch let error as LocalCommandError where error.code == .argument {
            return FunctionCallReport(
                .rejected, .reason("the arguments are too long"), error: error.description)
        } catch {
            return .failed(.notStarted, error: "\(error)")
        }
    }

    /// What a command that ran came to.
    private func report(on result: LocalCommandResult) -> FunctionCallReport {
        var result = result
        result.standardErrorTail = secrets.lastBytes(limits.maximumStandardError, of: result.standardErrorTail)
        var report = verdict(on: result)
        switch result.ending {
        case .exited(let status): report.exitStatus = status
        case .signalled(let signal): report.signal = signal
        }
        let said = Self.trimmed(result.standardErrorTail)
        report.standardError = said.isEmpty ? nil : said
        report.outputBytes = result.outputBytes
        report.isTruncated = result.isTruncated
        return report
    }

    private func verdict(on result: LocalCommandResult) -> FunctionCallReport {
        if result.isTimedOut { return .timedOut(after: Measure.text(limits.timeout)) }
        let output = Self.trimmed(result.standardOutput)
        guard result.isSuccess else { return failure(result, output) }
        guard !result.isTruncated else {
            return .failed(
                .tooLong,
                error: "the command wrote \(result.outputBytes) bytes, and \(limits.maximumOutput) are kept")
        }
        if self.output == .json, let error = Self.jsonError(in: result.standardOutput) {
            return .failed(.notJSON, error: "the command's standard output is not one JSON value: \(error)")
        }
        return .completed(FunctionCallResult(output))
    }

    /// Why bytes are not one JSON value; nil if they are one. They are not quoted: of a secret that is cut nobody knows what it is.
    private static func jsonError(in bytes: [UInt8]) -> String? {
        do {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return trimmed(bytes).isEmpty ? "it is empty" : "\(error)"
        }
    }

    private func failure(_ result: LocalCommandResult, _ output: String) -> FunctionCallReport {
        let said = Self.trimmed(result.standardErrorTail)
        var error =
            switch result.ending {
            case .exited(let status): "the command exited with status \(status)"
            case .signalled(let signal): "the command was ended by signal \(signal)"
            }
        if let last = said.split(whereSeparator: \.isNewline).last { error += ": \(last)" }
        if !result.isTruncated, (try? JSONValue(parsing: output))?["error"] != nil {
            return FunctionCallReport(.failed, .output(secrets.hide(in: output)), error: error)
        }
        return errorOutput == .stderr && !said.isEmpty
            ? .failed(said, error: error) : .failed(.failed, error: error)
    }

    /// Text without white space around it; what is not UTF-8 is replaced.
    static func trimmed(_ bytes: [UInt8]) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
