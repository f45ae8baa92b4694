import Foundation
import LocalCommands
import ScratchFolders
import Testing

#if os(Linux)
    extension RunningCommands {
        /// What a sandbox hides from a command. Needs bubblewrap, and a machine that allows it to create namespaces;
        /// some containers do not.
        @Suite struct SandboxTests {
            static let works = system("bwrap --unshare-all --ro-bind / / --dev /dev --proc /proc true 2>/dev/null") == 0

            private func sandboxed(_ script: String, in folder: String? = nil) -> LocalCommand {
                var command = shell(script)
                command.workingDirectory = folder
                command.resources.sandbox = .bwrap
                return command
            }

            @Test(.enabled(if: works)) func sandbox_allowsWritingOnlyItsOwnFolders() async throws {
                let folder = try ScratchFolder()
                let name = "sandbox-\(UUID().uuidString)"
                let script =
                    "pwd; for place in here \"$HOME/x\" /tmp/\(name) /etc/\(name) /usr/\(name); do (: > \"$place\") 2>/dev/null && echo \"${place##*/}\"; done"
                let result = try await sandboxed(script, in: folder.path).run()
                #expect(result.text == "\(folder.path)\nhere\nx\n\(name)")
                #expect(FileManager.default.fileExists(atPath: "\(folder.path)/here"))
                #expect(!FileManager.default.fileExists(atPath: "/tmp/\(name)"))
            }

            @Test(.enabled(if: works)) func sandbox_hidesNetworkPrivilegesAndProcesses() async throws {
                let script =
                    "tail -n +3 /proc/net/dev | cut -d: -f1; grep CapEff /proc/self/status; ls -d /proc/[0-9]* | wc -l"
                let lines = try await sandboxed(script).run().text.split(separator: "\n").map {
                    $0.filter { !$0.isWhitespace }
                }
                #expect(lines.prefix(2) == ["lo", "CapEff:0000000000000000"])
                #expect(try #require(Int(lines.last ?? "")) < 10)
            }

            @Test(.enabled(if: works)) func sandbox_keepsExitStatusAndTimeout() async throws {
                #expect(try await sandboxed("cat; exit 7").run().ending == .exited(7))
                var command = sandboxed("(sleep 1000) & sleep 1000")
                command.limits = impatient()
                let result = try await command.run()
                #expect(result.isTimedOut && result.duration < slack)
            }

            @Test(.enabled(if: works)) func sandbox_showsAProgramInTheTemporaryFolder() async throws {
                let folder = try ScratchFolder()
                let program = "\(folder.path)/tool"
                try await folder.prepare(
                    "printf '#!/bin/sh\\necho \"$0 $1\"; ls \(folder.path)' > tool; chmod 700 tool")
                var command = LocalCommand([program, "-x"])
                command.resources = CommandResources(openFiles: 64, sandbox: .bwrap)
                #expect(try await command.run().text == "\(program) -x\ntool")
            }

            @Test func missingWrapperProgram_preventsTheRun() async throws {
                var command = sandboxed("true")
                command.environment.variables["PATH"] = "/nowhere"
                let message =
                    "the sandbox is made by the program `bwrap`, which no folder in PATH has; on Debian it comes with bubblewrap"
                #expect(command.resourceProblem()?.description == message)
                let error = await #expect(throws: LocalCommandError.self) { try await command.run() }
                #expect(error?.description == message)
            }
        }
    }
#endif
