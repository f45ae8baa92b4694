import Foundation
import LocalCommands
import Testing

/// The warnings about a command before it runs.
struct ConcernTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    private func concern(_ program: String, mode: Int = 0o755, folderMode: Int = 0o755) throws -> LocalCommand.Concern?
    {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        _ = manager.createFile(
            atPath: "\(folder)/tool", contents: Data("#!/bin/sh\n".utf8), attributes: [.posixPermissions: mode])
        try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(folder)/tool")
        try manager.setAttributes([.posixPermissions: folderMode], ofItemAtPath: folder)
        return LocalCommand([program], baseFolder: folder).concern()
    }

    @Test func concern_absentForAUsableProgram() throws {
        #expect(try concern("./tool") == nil)
        #expect(try concern("sh") == nil)
        #expect(try concern("./tool", folderMode: 0o1777) == nil)
    }

    @Test func concern_missingOrNotExecutable() throws {
        #expect(try concern("./toool")?.message == "\(folder)/./toool: no such program")
        #expect(
            try concern("./tool", mode: 0o644)?.message
                == "\(folder)/./tool: not executable (chmod +x would make it so)")
        let unknown = try concern("no-such-program-anywhere")
        #expect(unknown?.message == "no folder in PATH has the program `no-such-program-anywhere`")
        #expect(unknown?.help == "install it, or write its path, relative to the folder of this file")
    }

    @Test func concern_writableByEverybody() throws {
        let open = try concern("./tool", mode: 0o757)
        #expect(open?.message == "everybody on this machine can change \(folder)/./tool")
        #expect(open?.help == "chmod o-w \(folder)/./tool")
        let replaceable = try concern("./tool", folderMode: 0o777)
        #expect(replaceable?.message == "everybody on this machine can replace \(folder)/./tool")
        #expect(replaceable?.help == "chmod o-w \(folder)/.")
    }
}
