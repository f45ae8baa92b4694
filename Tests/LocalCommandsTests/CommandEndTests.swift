import Foundation
import LocalCommands
import Testing

extension RunningCommands {
    /// How commands end, and the reported result.
    @Suite struct Ends {
        @Test(arguments: [0, 1, 42, 255])
        func ending_reportsTheExitStatus(status: Int) async throws {
            let result = try await shell("exit $1", String(status)).run()
            #expect(result.ending == .exited(status))
            #expect(result.isSuccess == (status == 0))
            #expect(!result.isTimedOut)
        }

        @Test(arguments: [SIGTERM, SIGKILL, SIGSEGV])
        func ending_reportsTheSignal(signal: Int32) async throws {
            let result = try await shell("ulimit -c 0; kill -$1 $$", String(signal)).run()
            #expect(result.ending == .signalled(Int(signal)))
            #expect(!result.isSuccess && !result.isTimedOut)
        }

        @Test func output_keepsBothStreamsSeparate() async throws {
            let result = try await shell("echo answer; echo trouble >&2").run()
            #expect(result.text == "answer")
            #expect(result.outputBytes == 7)
            #expect(!result.isTruncated)
            #expect(result.errorText == "trouble")
        }

        @Test func input_isReadFromStartToEnd() async throws {
            var command = LocalCommand(["cat"])
            command.standardInput = Array(#"{"city":"Lisbon"}"#.utf8)
            #expect(try await command.run().standardOutput == command.standardInput)
            command.standardInput = []
            #expect(try await command.run().standardOutput.isEmpty)
        }

        @Test func arguments_areNotInterpreted() async throws {
            let hostile = ["; rm -rf /", "$(id)", "`id`", "*", "a\nb", "", " x ", "'\"", "é\u{1F600}", "-n", "%s"]
            let result = try await LocalCommand(["printf", "[%s]\\n"] + hostile).run()
            #expect(result.text == hostile.map { "[\($0)]" }.joined(separator: "\n"))
        }

        @Test func arguments_nameIsTheConfiguredOne() async throws {
            let result = try await LocalCommand(["sh", "-c", "echo $0"]).run()
            #expect(result.text == "sh")
        }

        @Test func duration_isTheRunTime() async throws {
            let result = try await shell("sleep 0.3").run()
            // The clock starts after the process was spawned, which can be late on a busy machine.
            #expect(result.duration >= .milliseconds(200) && result.duration < slack)
        }

        @Test func input_mayStayUnread() async throws {
            let command = LocalCommand(["true"], standardInput: [UInt8](repeating: 0x78, count: 1 << 20))
            let endings = try await withThrowingTaskGroup(of: LocalCommandResult.Ending.self) { group in
                var endings: [LocalCommandResult.Ending: Int] = [:]
                for index in 0..<1000 {
                    if index >= 8, let ending = try await group.next() { endings[ending, default: 0] += 1 }
                    group.addTask { try await command.run().ending }
                }
                for try await ending in group { endings[ending, default: 0] += 1 }
                return endings
            }
            #expect(endings == [.exited(0): 1000])
        }
    }
}
