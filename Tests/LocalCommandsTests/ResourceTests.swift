import LocalCommands
import Testing

#if os(Linux)
    extension RunningCommands {
        /// Limits on what a command may use of the machine.
        @Suite struct ResourceTests {
            @Test func limits_areSetInTheKernel() async throws {
                var command = shell("ulimit -t; ulimit -v; ulimit -n; echo $1; printf %s \"$0\"", "--cpu=9")
                command.resources = CommandResources(
                    processorTime: .milliseconds(4200), memory: 256 << 20, openFiles: 64)
                let result = try await command.run()
                #expect(result.text == "5\n262144\n64\n--cpu=9\nsh")
                #expect(result.ending == .exited(0))
            }

            @Test func processorTime_killsABusyCommand() async throws {
                var command = shell("while :; do :; done")
                command.limits.timeout = .seconds(100)
                command.resources.processorTime = .seconds(1)
                let result = try await command.run()
                #expect(result.ending == .signalled(9) || result.ending == .signalled(24))
                #expect(!result.isTimedOut)
            }

            @Test func missingWrapperProgram_preventsTheRun() async throws {
                var command = LocalCommand(["/bin/true"])
                command.environment.variables["PATH"] = "/nowhere"
                #expect(command.resourceProblem() == nil)
                command.resources.openFiles = 64
                let message =
                    "limits are set by the program `prlimit`, which no folder in PATH has; on Linux it comes with util-linux"
                #expect(command.resourceProblem()?.description == message)
                let error = await #expect(throws: LocalCommandError.self) { try await command.run() }
                #expect(error?.description == message)
            }
        }
    }
#endif
