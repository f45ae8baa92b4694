import Foundation
import LocalCommands
import ScratchFolders
import Testing

extension RunningCommands {
    /// How commands end that do not end by themselves, and what is left of them.
    @Suite struct Limits {
        @Test func timeout_sendsTERM() async throws {
            let result = try await shell("echo $$; exec sleep 60", limits: impatient()).run()
            #expect(result.isTimedOut && !result.isSuccess)
            #expect(result.ending == .signalled(Int(SIGTERM)))
            #expect(result.duration >= .milliseconds(200) && result.duration < slack)
            let group = try #require(Int(result.text))
            #expect(await soon { isGone(group: group) })
        }

        @Test func timeout_allowsCleanUpAfterTERM() async throws {
            let script = "trap 'echo tidied; exit 3' TERM; while :; do sleep 0.01; done"
            let result = try await shell(script, limits: impatient(timeout: .seconds(1), killAfter: .seconds(30))).run()
            #expect(result.isTimedOut)
            #expect(result.ending == .exited(3))
            #expect(result.text == "tidied")
        }

        @Test func timeout_allowsChildrenToCleanUp() async throws {
            let script = """
                (trap 'echo tidied; exit' TERM; while :; do sleep 0.01; done) &
                trap 'wait; exit 3' TERM; wait
                """
            let result = try await shell(script, limits: impatient(timeout: .seconds(1), killAfter: .seconds(30))).run()
            #expect(result.ending == .exited(3))
            #expect(result.text == "tidied")
        }

        @Test func timeout_killsACommandThatIgnoresTERM() async throws {
            let script = "trap '' TERM; echo $$; while :; do sleep 1; done"
            let result = try await shell(script, limits: impatient(timeout: .seconds(1))).run()
            #expect(result.isTimedOut)
            #expect(result.ending == .signalled(Int(SIGKILL)))
            #expect(result.duration >= .milliseconds(1200) && result.duration < slack)
            let group = try #require(Int(result.text))
            #expect(await soon { isGone(group: group) })
        }

        @Test func timeout_killsAStoppedCommand() async throws {
            let result = try await shell("echo $$; kill -STOP $$", limits: impatient()).run()
            #expect(result.isTimedOut)
            #expect(result.ending == .signalled(Int(SIGKILL)))
        }

        @Test func timeout_killsAGrandchildThatIgnoresTERM() async throws {
            let script = "(trap '' TERM; while :; do sleep 1; done) & echo $$; exec sleep 60"
            let result = try await shell(script, limits: impatient(timeout: .seconds(1))).run()
            #expect(result.ending == .signalled(Int(SIGTERM)))
            let group = try #require(Int(result.text))
            #expect(await soon { isGone(group: group) })
        }

        @Test func grandchildWithOpenPipes_doesNotDelayTheResult() async throws {
            let result = try await shell("trap '' TERM; sleep 60 & echo $$").run()
            #expect(result.isSuccess)
            #expect(result.duration < .seconds(10))
            let group = try #require(Int(result.text))
            #expect(await soon { isGone(group: group) })
        }

        @Test func closedOutput_doesNotLiftTheTimeout() async throws {
            let result = try await shell("exec >&- 2>&-; exec sleep 60", limits: impatient()).run()
            #expect(result.isTimedOut)
            #expect(result.ending == .signalled(Int(SIGTERM)))
        }

        @Test func cancellation_endsTheProcessGroup() async throws {
            let folder = try ScratchFolder()
            var command = shell("(trap '' TERM; sleep 60) & echo $$ > new; mv new pid; exec sleep 60")
            command.workingDirectory = folder.path
            let run = Task { [command] in try await command.run() }
            #expect(await soon { folder.text("pid") != nil })
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            let group = try #require(Int(folder.text("pid")?.trimmingCharacters(in: .newlines) ?? ""))
            #expect(await soon { isGone(group: group) })
        }

        @Test func cancellation_allowsCleanUp() async throws {
            let folder = try ScratchFolder()
            var command = shell("trap ': > tidied; exit' TERM; : > started; while :; do sleep 0.01; done")
            command.workingDirectory = folder.path
            command.limits = impatient(timeout: .seconds(60), killAfter: .seconds(30))
            let run = Task { [command] in try await command.run() }
            #expect(await soon { folder.text("started") != nil })
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(folder.text("tidied") != nil)
        }

        @Test func cancelledTask_startsNothing() async throws {
            let folder = try ScratchFolder()
            var command = LocalCommand(["touch", "started"])
            command.workingDirectory = folder.path
            let run = Task { [command] in
                withUnsafeCurrentTask { $0?.cancel() }
                return try await command.run()
            }
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(folder.text("started") == nil)
        }
    }

    #if os(Linux)
        /// Processes that leave the process group cannot be killed with it; they must not delay the result either.
        @Suite struct Escapes {
            @Test func daemonWithOpenPipes_doesNotDelayTheResult() async throws {
                let result = try await shell(
                    "setsid sh -c 'echo $$; exec sleep 60' & while :; do sleep 0.01; [ -e /proc/$!/stat ] && break; done; sleep 0.2"
                ).run()
                #expect(result.isSuccess)
                let daemon = try #require(Int(result.text))
                #expect(!isGone(process: daemon))
                kill(pid_t(daemon), SIGKILL)
            }

            @Test func daemonThatFloodsThePipe_doesNotDelayTheResult() async throws {
                let result = try await shell("setsid sh -c 'echo $$ >&2; exec yes' & sleep 0.2").run()
                #expect(result.isSuccess)
                #expect(result.isTruncated)
                let daemon = try #require(Int(result.errorText))
                #expect(await soon { isGone(process: daemon) }, "it is ended by SIGPIPE")
            }
        }
    #endif
}
