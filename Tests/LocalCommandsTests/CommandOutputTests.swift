import Foundation
import LocalCommands
import Testing

extension RunningCommands {
    /// How much of a command's output is kept.
    @Suite struct Output {
        @Test func longOutput_isTruncatedAndCounted() async throws {
            var command = shell("head -c 10000000 /dev/zero | tr '\\0' x")
            command.limits.maximumOutput = 1000
            let result = try await command.run()
            #expect(result.isSuccess && result.isTruncated)
            #expect(result.standardOutput == [UInt8](repeating: UInt8(ascii: "x"), count: 1000))
            #expect(result.outputBytes == 10_000_000)
        }

        @Test func unwantedOutput_isDiscarded() async throws {
            var command = shell("head -c 10000000 /dev/zero; [ -c /dev/stdout ] || exit 3; echo done >&2; exit 7")
            command.keepsOutput = false
            let result = try await command.run()
            #expect(result.ending == .exited(7))
            #expect(result.standardOutput.isEmpty && result.outputBytes == 0)
            #expect(result.errorText == "done")
        }

        @Test func endlessOutput_endsAtTheTimeout() async throws {
            var command = LocalCommand(["yes"], limits: impatient())
            command.limits.maximumOutput = 4
            let result = try await command.run()
            #expect(result.isTimedOut && result.isTruncated)
            #expect(result.ending == .signalled(Int(SIGTERM)))
            #expect(result.standardOutput == Array("y\ny\n".utf8))
            #expect(result.outputBytes > 1 << 20)
        }

        @Test(arguments: [0, 1, 4, 5, 6])
        func standardOutput_keepsTheFirstBytes(limit: Int) async throws {
            var command = shell("printf 12345")
            command.limits.maximumOutput = limit
            let result = try await command.run()
            #expect(result.text == String("12345".prefix(limit)))
            #expect(result.isTruncated == (limit < 5))
            #expect(result.outputBytes == 5)
        }

        @Test func standardError_keepsTheLastBytes() async throws {
            var command = shell("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i + 1)); done")
            command.limits.maximumStandardError = 18
            #expect(try await command.run().errorText == "ne 1998\nline 1999")
            command.limits.maximumStandardError = 0
            #expect(try await command.run().standardErrorTail.isEmpty)
        }

        @Test func outputBeforeTheExit_isComplete() async throws {
            for _ in 0..<50 {
                let result = try await shell("head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; exit 7").run()
                #expect(result.ending == .exited(7))
                #expect(result.outputBytes == 60000)
            }
        }
    }
}
