import Foundation
import Testing

/// `init`: writes a package, and never overwrites files.
@Suite struct InitTests {
    private static let files = [
        "Package.swift", "Sources/MyRouter/MyRouter.swift", "Sources/MyRouter/SlowAnswerHandler.swift", "routes.yml",
        "session.jsonl", ".gitignore",
    ]

    private static func wrote(_ folder: String, next: String = "") -> RunningProgram.Ending {
        let lines = files.map { "wrote \(folder)\($0)\n" }.joined()
        return .init(code: 0, output: lines + "\nNext: \(next)swift run MyRouter run session.jsonl\n")
    }

    /// A folder that looks like a clone, with the program where SwiftPM builds it.
    private func placeWithClone() async throws -> (place: Workplace, program: String) {
        let place = try Workplace()
        try place.makeFolder("clone/.build/debug")
        try place.makeFolder("clone/Sources/RouterProgram")
        try place.write("clone/Package.swift", "")
        // Another process copies the program, because a child process of this one could have the file open for writing.
        #expect(try await place.shell("cp $ROUTER clone/.build/debug/") == .init(code: 0))
        return (place, "\(place.path)/clone/.build/debug/realtime-router")
    }

    @Test func init_writesPackage() async throws {
        let (place, program) = try await placeWithClone()
        let ending = try await place.start([program, "init", "apps/voice-agent"], environment: [:]).end()
        #expect(ending == Self.wrote("apps/voice-agent/", next: "cd apps/voice-agent && "))
        #expect(try place.files(in: "apps/voice-agent") == Self.files.sorted())
        let manifest = try #require(place.text("apps/voice-agent/Package.swift"))
        #expect(manifest.contains(#"        .package(path: "../../clone")\#n    ],"#))
        #expect(manifest.contains(#".product(name: "RouterProgram", package: "clone"),"#))
    }

    /// The written files are valid, except that the standard program does not know the new package's handler.
    @Test func init_rulesAndSessionAreValid() async throws {
        let place = try Workplace()
        let new = "voice-agent"
        _ = try await place.run("init", new, "--package", BuiltProgram.package)
        let check = try await place.run("check", "\(new)/routes.yml")
        try Snapshot("realtime-router check routes.yml", check, in: place).check("check/init")
        let test = try await place.run("test", "\(new)/routes.yml")
        #expect(test.code == 0 && test.output.hasSuffix("\n2 tests: 2 passed\n"))
        // Without that handler, the standard program can run the rules.
        let rules = try #require(place.text("\(new)/routes.yml"))
        let others = rules.replacing(/\n  slow:\n.*\n.*\n/, with: "\n")
            .replacing("  - name: slow answers\n    to: slow\n", with: "")
        try place.write("\(new)/routes.yml", others)
        let run = try await place.run("run", "\(new)/session.jsonl", "--routes", "\(new)/routes.yml")
        try Snapshot("realtime-router run session.jsonl", run, in: place).check("run/init")
        #expect(place.lines("\(new)/transcript.jsonl").count == 2)
    }

    @Test func init_currentFolder() async throws {
        let place = try Workplace()
        try FileManager.default.removeItem(atPath: place.path + "/routes.yml")
        let address = "https://example.org/voice/realtime-router.git"
        #expect(try await place.run("init", "--package", address) == Self.wrote(""))
        let manifest = try #require(place.text("Package.swift"))
        #expect(
            manifest.contains(
                #".package(url: "https://example.org/voice/realtime-router.git", branch: "main")"#))
        #expect(manifest.contains(#"package: "realtime-router""#))
        #expect(try await place.run("init", "--package", address).code == 2)
    }

    @Test func init_folderName_isQuotedForShell() async throws {
        let place = try Workplace()
        let ending = try await place.run("init", "it's a \u{1B}[31mtest", "--package", BuiltProgram.package)
        #expect(ending == Self.wrote("it's a ␛[31mtest/", next: #"cd 'it'\''s a ␛[31mtest' && "#))
    }

    @Test(arguments: [
        (["routes.yml"], "new/routes.yml is there already; nothing was written"),
        (
            ["session.jsonl", ".gitignore"],
            "new/session.jsonl, new/.gitignore are there already; nothing was written"
        ),
        (["Sources"], "cannot make the folder new/Sources/MyRouter: Not a directory"),
    ])
    func init_existingFile_isNotOverwritten(_ present: [String], _ error: String) async throws {
        let place = try Workplace()
        try place.makeFolder("new")
        for name in present { try place.write("new/" + name, "mine") }
        let ending = try await place.run("init", "new", "--package", BuiltProgram.package)
        #expect(ending == .init(code: 2, error: "error: \(error)\n"))
        #expect(try place.files(in: "new") == present.sorted())
        for name in present { #expect(place.text("new/" + name) == "mine") }
    }

    /// A dangling symbolic link counts as an existing file and is not followed.
    @Test func init_symbolicLink_isNotFollowed() async throws {
        let place = try Workplace()
        try place.makeFolder("new")
        try FileManager.default.createSymbolicLink(
            atPath: place.path + "/new/session.jsonl", withDestinationPath: place.path + "/elsewhere")
        let ending = try await place.run("init", "new", "--package", BuiltProgram.package)
        #expect(ending == .init(code: 2, error: "error: new/session.jsonl is there already; nothing was written\n"))
        #expect(try place.files(in: ".").contains("elsewhere") == false)
    }

    @Test(arguments: [
        (
            ["new", "--package", "Examples"],
            "there is no Package.swift in Examples; --package takes the folder of realtime-router, or its repository's address"
        ),
        (
            ["new", "--package", "/no/such/folder"],
            "there is no Package.swift in /no/such/folder; "
                + "--package takes the folder of realtime-router, or its repository's address"
        ),
        (
            ["apps/Realtime-Router", "--package", "git@example.org:realtime-router.git"],
            "a package in a folder named `Realtime-Router` cannot depend on another of that name; name the folder otherwise"
        ),
        (
            ["routes.yml/new", "--package", "https://example.org/r"],
            "cannot make the folder routes.yml/new: Not a directory"
        ),
    ])
    func init_unusableFolder_isAnError(_ arguments: [String], _ error: String) async throws {
        let place = try Workplace()
        let before = try place.files(in: ".")
        #expect(try await place.run(["init"] + arguments) == .init(code: 2, error: "error: \(error)\n"))
        #expect(try place.files(in: ".") == before)
    }

    @Test func init_outsideClone_isAnError() async throws {
        let (place, program) = try await placeWithClone()
        try FileManager.default.removeItem(atPath: place.path + "/clone/Package.swift")
        let ending = try await place.start([program, "init", "new"], environment: [:]).end()
        #expect(
            ending
                == .init(
                    code: 2,
                    error: """
                        error: this program is not in a clone of realtime-router; use \
                        --package with a folder, or with a repository's address

                        """))
    }
}

extension Workplace {
    /// The files in a folder and below, links not followed, sorted.
    fileprivate func files(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)").filter { name in
            var isFolder: ObjCBool = false
            return !FileManager.default.fileExists(atPath: "\(path)/\(folder)/\(name)", isDirectory: &isFolder)
                || !isFolder.boolValue
        }.sorted()
    }
}
