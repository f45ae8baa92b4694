import Foundation
import LocalCommands
import Synchronization
import Testing

extension RunningCommands {
    /// Programs that keep running, and exchange lines with the router.
    @Suite struct ConversationTests {
        /// Collects the messages of a program.
        private final class Heard: Sendable {
            private let messages = Mutex<[LineConversation.Message]>([])

            func add(_ message: LineConversation.Message) { messages.withLock { $0.append(message) } }

            /// The lines, and `…` for one that is too long.
            var lines: [String] {
                messages.withLock { messages in
                    messages.compactMap { message in
                        switch message {
                        case .line(let bytes): String(decoding: bytes, as: UTF8.self)
                        case .overlongLine: "…"
                        case .standardError: nil
                        }
                    }
                }
            }

            var errorBytes: Int {
                messages.withLock { messages in
                    messages.reduce(0) { if case .standardError(let bytes) = $1 { $0 + bytes.count } else { $0 } }
                }
            }
        }

        /// Runs a script, sends it a line when it runs, and ends the conversation when `isDone` returns true.
        private func converse(
            _ command: LocalCommand, saying lines: [String] = [],
            until isDone: @escaping @Sendable (Int) -> Bool = { _ in false }
        ) async throws -> (result: LocalCommandResult, heard: Heard) {
            let heard = Heard()
            let conversation = LineConversation { heard.add($0) }
            for line in lines { conversation.send(Array((line + "\n").utf8)) }
            async let result = command.converse(conversation)
            let watcher = Task {
                while !Task.isCancelled, !isDone(heard.lines.count) { try await Task.sleep(for: .milliseconds(2)) }
                conversation.end()
            }
            let ending = try await result
            watcher.cancel()
            return (ending, heard)
        }

        @Test func conversation_exchangesLines() async throws {
            let (result, heard) = try await converse(
                shell("while read -r line; do echo \"<$line>\"; done"), saying: ["a", "", "c d"]
            ) { $0 == 3 }
            #expect(heard.lines == ["<a>", "<>", "<c d>"])
            #expect(result.ending == .signalled(15))
        }

        @Test func conversation_endsWithTheProgram() async throws {
            let (result, heard) = try await converse(
                shell("read -r a; echo $a; echo why >&2; exit 3"), saying: ["x", "y"])
            #expect(heard.lines == ["x"])
            #expect(result.ending == .exited(3))
            #expect(result.errorText == "why")
        }

        @Test func conversation_endsWhenTheOutputIsClosed() async throws {
            let (result, _) = try await converse(shell("exec >&-; while :; do sleep 1; done"))
            #expect(result.ending == .signalled(15))
        }

        @Test func conversationEnd_killsAProgramThatIgnoresTERM() async throws {
            let script = "trap '' TERM; (trap '' TERM; sleep 600) & echo $$; while :; do sleep 1; done"
            let (result, heard) = try await converse(shell(script, limits: impatient())) { $0 == 1 }
            #expect(result.ending == .signalled(9))
            let group = try #require(Int(heard.lines.first ?? ""))
            #expect(await soon { isGone(group: group) })
        }

        @Test func conversationEnd_isNotDelayedByUnreadInput() async throws {
            let (result, _) = try await converse(
                shell("echo ready; exec sleep 600"), saying: [String(repeating: "x", count: 4 << 20)]
            ) { $0 == 1 }
            #expect(result.ending == .signalled(15))
        }

        @Test func writingAfterTheExit_raisesNoSignal() async throws {
            for _ in 0..<50 {
                let (result, _) = try await converse(
                    shell("exec <&-; exit 7"), saying: Array(repeating: "line", count: 100))
                #expect(result.ending == .exited(7) || result.ending == .signalled(15))
            }
        }

        @Test func overlongLine_isReportedOnceAndSkipped() async throws {
            var limits = CommandLimits()
            limits.maximumOutput = 10
            let script = "echo 1234567890; echo 12345678901; printf '%5000s\\n' x; echo b; exit 0"
            let (result, heard) = try await converse(shell(script, limits: limits))
            #expect(heard.lines == ["1234567890", "…", "…", "b"])
            #expect(result.ending == .exited(0))
            #expect(result.outputBytes == 11 + 12 + 5001 + 2)
        }

        @Test func floodsOnAllProcessors_canBeEnded() async throws {
            // They end by themselves, with another signal, when they have run much longer than allowed.
            let flood = shell("ulimit -t 20; while :; do printf %1000s x; done")
            let endings = await withTaskGroup { group in
                for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
                    group.addTask { try? await converse(flood) { $0 > 0 }.result.ending }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(endings) == [.signalled(Int(SIGTERM))])
        }

        @Test func longStandardError_isReadAndItsEndKept() async throws {
            let script = "head -c 3000000 /dev/zero | tr '\\0' e >&2; echo ok; exit 0"
            let (result, heard) = try await converse(shell(script))
            #expect(heard.lines == ["ok"] && heard.errorBytes == 3_000_000)
            #expect(result.standardErrorTail == Array(repeating: UInt8(ascii: "e"), count: 4096))
        }

        @Test func startFailure_isAnError() async throws {
            let conversation = LineConversation { _ in }
            await #expect(throws: LocalCommandError.self) {
                try await LocalCommand(["/no/such/program"]).converse(conversation)
            }
        }

        @Test func cancellation_endsTheConversation() async throws {
            let heard = Heard()
            let task = Task {
                try await shell("echo $$; exec sleep 600").converse(LineConversation { heard.add($0) })
            }
            #expect(await soon { heard.lines.count == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let group = try #require(Int(heard.lines.first ?? ""))
            #expect(await soon { isGone(group: group) })
        }
    }
}
