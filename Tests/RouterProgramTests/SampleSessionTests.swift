import Testing

/// Runs the package's sample sessions with its routes.yml, and compares all output and files.
@Suite struct SampleSessionTests {
    @Test(arguments: BuiltProgram.sessions)
    func sampleSession_run(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run(
            "run", BuiltProgram.session(name), "--outbound", "outbound.jsonl", "--log", "dispatch.jsonl",
            environment: ["PAGE_LOG": place.path + "/pages.jsonl"])
        var snapshot = Snapshot("realtime-router run \(name).jsonl --outbound … --log …", ending, in: place)
        snapshot.addFiles()
        try snapshot.check("run/\(name)")
    }

    @Test(arguments: BuiltProgram.sessions)
    func sampleSession_inspect(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run("inspect", BuiltProgram.session(name), "--derived")
        try Snapshot("realtime-router inspect \(name).jsonl --derived", ending, in: place).check("inspect/\(name)")
    }
}
