import Foundation
import LocalCommands
import ScratchFolders
import Testing

extension RunningCommands {
    /// Where programs and folders are searched, and the errors if something is wrong with them.
    @Suite struct Places {
        let folder: ScratchFolder

        init() throws { folder = try ScratchFolder() }

        private func message(_ command: LocalCommand) async -> String? {
            let error = await #expect(throws: LocalCommandError.self) { try await command.run() }
            return error?.description.replacingOccurrences(of: folder.path, with: "FOLDER")
        }

        @Test func relativeProgram_isFoundFromTheBaseFolder() async throws {
            try await folder.prepare("mkdir bin work; ln -s /bin/pwd bin/where")
            var command = LocalCommand(["./bin/where"], workingDirectory: "work", baseFolder: folder.path)
            #expect(try await command.run().text == "\(folder.path)/work")
            command.arguments = ["bin/where"]
            command.workingDirectory = "/"
            #expect(try await command.run().text == "/")
            #expect(try command.locateProgram() == "\(folder.path)/bin/where")
        }

        @Test func relativeBaseFolder_startsFromTheCurrentFolder() async throws {
            let up = String(repeating: "../", count: 40)
            let command = LocalCommand(["bin/sh", "-c", "echo $0"], baseFolder: up)
            #expect(try await command.run().text == "bin/sh")
            #expect(try command.locateProgram() == "\(FileManager.default.currentDirectoryPath)/\(up)/bin/sh")
        }

        @Test func programName_isSearchedInTheCommandsPath() async throws {
            try await folder.prepare("mkdir a b; : > a/tool; ln -s /bin/pwd b/tool")
            let path = "relative::\(folder.path)/none:\(folder.path)/a:\(folder.path)/b"
            let command = LocalCommand(["tool"], environment: CommandEnvironment(variables: ["PATH": path]))
            #expect(try command.locateProgram() == "\(folder.path)/b/tool")
            #expect(try await command.run().isSuccess)
        }

        @Test func programThatCannotRun_isDescribed() async throws {
            try await folder.prepare(
                """
                mkdir folder; : > plain; mkfifo pipe
                printf 'junk' > junk; printf '#!/no/such\\n' > orphan; chmod +x junk orphan
                """)
            let messages = [
                "./none": "FOLDER/./none: no such program",
                "./plain": "FOLDER/./plain: not executable (chmod +x would make it so)",
                "./folder": "FOLDER/./folder: a folder, not a program",
                "./pipe": "FOLDER/./pipe: not a program",
                "./junk":
                    "FOLDER/./junk: neither a program for this system nor a script that begins with a line such as #!/bin/sh",
                "./orphan": "FOLDER/./orphan: cannot be run; the interpreter that its first line names is missing",
                "./plain/x": "FOLDER/./plain/x: no such program",
                "": "no program to run: the command is empty",
                "a\0b": "the program's name contains a NUL character",
            ]
            for (program, text) in messages {
                #expect(await message(LocalCommand([program], baseFolder: folder.path)) == text)
            }
        }

        @Test func nameMissingInPath_isDescribed() async throws {
            try await folder.prepare("mkdir a; : > a/tool")
            var command = LocalCommand(
                ["tool"], environment: CommandEnvironment(variables: ["PATH": "\(folder.path)/a"]))
            #expect(await message(command) == "FOLDER/a/tool: not executable (chmod +x would make it so)")
            command.arguments = ["no-such-tool"]
            #expect(await message(command) == "no-such-tool: no such program in PATH (FOLDER/a)")
        }

        @Test func workingDirectoryThatCannotBeEntered_isDescribed() async throws {
            try await folder.prepare(": > file")
            let messages = [
                "none": "working directory FOLDER/none: no such folder",
                "file": "working directory FOLDER/file: not a folder",
                "a\0b": "the working directory contains a NUL character",
            ]
            for (directory, text) in messages {
                let command = LocalCommand(["true"], workingDirectory: directory, baseFolder: folder.path)
                #expect(await message(command) == text)
            }
        }

        @Test func invalidArgument_isDescribed() async throws {
            #expect(await message(LocalCommand(["true", "a", "b\0c"])) == "argument 2 contains a NUL character")
            let long = String(repeating: "x", count: 2 << 20)
            let text = await message(LocalCommand(["/bin/sh", "-c", ":", long]))
            #expect(text == "/bin/sh: the arguments are too long for the system; standard input has no such limit")
        }

        @Test func invalidVariable_isDescribed() async throws {
            let name = CommandEnvironment(inherited: ["A=B"])
            #expect(
                await message(LocalCommand(["true"], environment: name))
                    == "\"A=B\" cannot be the name of a variable: letters, digits and _, not beginning with a digit")
            let value = CommandEnvironment(variables: ["KEY": "a\0b"])
            #expect(
                await message(LocalCommand(["true"], environment: value))
                    == "the value of the variable KEY contains a NUL character")
        }
    }
}
