import Foundation
import LocalCommands
import ScratchFolders
import Testing

extension RunningCommands {
    /// A command's environment, HOME, descriptors and session.
    @Suite struct Surroundings {
        /// The variables that a command sees, by name.
        private func variables(_ environment: CommandEnvironment) async throws -> [String: String] {
            let result = try await LocalCommand(["env"], environment: environment).run()
            return Dictionary(
                uniqueKeysWithValues: result.text.split(separator: "\n").map { line in
                    let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (String(pair[0]), String(pair[1]))
                })
        }

        @Test func environment_inheritsOnlyPathAndListedVariables() async throws {
            let own = ProcessInfo.processInfo.environment
            #expect(own.count > 2, "a test of nothing otherwise")
            #expect(try await Set(variables(CommandEnvironment()).keys) == ["PATH", "HOME"])
            let listed = CommandEnvironment(inherited: ["HOME", "NO_SUCH_VARIABLE"], variables: ["CALL": "a=b c"])
            let seen = try await variables(listed)
            #expect(seen == ["PATH": own["PATH"] ?? "", "HOME": own["HOME"] ?? "", "CALL": "a=b c"])
        }

        @Test func environment_setValuesOverrideInheritedOnes() async throws {
            let environment = CommandEnvironment(
                inherited: ["HOME"], variables: ["HOME": "/set", "PATH": "/bin:/usr/bin"])
            #expect(try await variables(environment) == ["HOME": "/set", "PATH": "/bin:/usr/bin"])
        }

        @Test func home_isAnEmptyPrivateTemporaryFolder() async throws {
            let outside = try ScratchFolder()
            try await outside.prepare("echo kept > kept")
            let script = """
                echo "$HOME"; ls -A "$HOME"; ls -ld "$HOME" | cut -c1-10
                cd "$HOME"; mkdir -p a/b/c .d; : > a/b/c/f; : > .d/g; ln -s "$1" a/link; chmod 500 .d
                """
            let result = try await shell(script, outside.path).run()
            let lines = result.text.split(separator: "\n").map(String.init)
            try #require(lines.count == 2)
            #expect(lines[0].contains("/realtime-router-home-"))
            #expect(lines[1] == "drwx------")
            #expect(!FileManager.default.fileExists(atPath: lines[0]))
            #expect(outside.text("kept") == "kept\n")
        }

        /// Runs in a process of its own with its own folder for temporary files.
        @Test func temporaryFiles_areRemoved() async {
            await #expect(processExitsWith: .success) {
                let folder = try ScratchFolder()
                setenv("TMPDIR", folder.path, 1)
                let input = Array("input".utf8)
                let ending = LocalCommand(["/bin/sh", "-c", "touch $HOME/file; ls $TMPDIR"], standardInput: input)
                let hanging = LocalCommand(["/bin/sh", "-c", "touch $HOME/file; sleep 60"], limits: impatient())
                let refused = LocalCommand(["true", String(repeating: "x", count: 2 << 20)], standardInput: input)
                try #require(try await ending.run().isSuccess)
                try #require(try await hanging.run().isTimedOut)
                try #require(await (try? refused.run()) == nil)
                let cancelled = Task { try await hanging.run() }
                cancelled.cancel()
                _ = try? await cancelled.value
                try #require(FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            }
        }

        #if os(Linux)
            @Test func descriptors_onlyTheThreeStandardOnesAreOpen() async throws {
                let own = dup(0)
                defer { close(own) }
                #expect(own > 2 && fcntl(own, F_GETFD) & FD_CLOEXEC == 0, "this one would be inherited")
                #expect(try await shell("ls /proc/$$/fd; :").run().text == "0\n1\n2")
            }

            @Test func processGroup_isTheCommandsOwn() async throws {
                let result = try await shell("echo $$ $$; cut -d ' ' -f 5,6 /proc/$$/stat").run()
                let lines = result.text.split(separator: "\n")
                #expect(lines.count == 2 && lines.first == lines.last)
            }

            /// Runs in a process of its own, where nothing else opens descriptors.
            @Test func descriptors_areClosedAfterwards() async {
                await #expect(processExitsWith: .success) {
                    func count() throws -> Int {
                        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
                    }
                    let input = Array("input".utf8)
                    let commands = [
                        LocalCommand(["true"]), LocalCommand(["true"], standardInput: input),
                        LocalCommand(["no-such-program"], standardInput: input),
                        LocalCommand(
                            ["/bin/sh", "-c", "sleep 60 & sleep 60"], limits: impatient(timeout: .milliseconds(20))),
                        LocalCommand(["true", String(repeating: "x", count: 2 << 20)], standardInput: input),
                    ]
                    for command in commands { _ = try? await command.run() }
                    let before = try count()
                    for _ in 0..<20 {
                        for command in commands { _ = try? await command.run() }
                    }
                    let after = try count()
                    try #require(after == before)
                }
            }

            /// Runs in a process of its own with its own limit.
            @Test func descriptors_lackIsATemporaryError() async {
                await #expect(processExitsWith: .success) {
                    var limit = rlimit(rlim_cur: 80, rlim_max: 80)
                    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                    let messages = await withTaskGroup(of: String.self) { group in
                        for _ in 0..<100 {
                            group.addTask {
                                do {
                                    return try await shell("sleep 0.3", limits: CommandLimits()).run().isSuccess
                                        ? "" : "failed"
                                } catch {
                                    return "\(error)"
                                }
                            }
                        }
                        return await group.reduce(into: Set()) { $0.insert($1) }
                    }
                    try #require(
                        messages == [
                            "",
                            "too few file descriptors are left to start a command (ulimit -n sets how many there are)",
                        ])
                    try #require(try await LocalCommand(["true"]).run().isSuccess)
                }
            }
        #endif
    }
}
