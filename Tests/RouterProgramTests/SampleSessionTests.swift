import Testing

/// The sessions that come with the package through the routes.yml that comes with it: all that is said and written.
@Suite struct SampleSessionTests {
    @Test(arguments: BuiltProgram.sessions)
    func everythingThatComesOfASession(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run(
            "run", BuiltProgram.session(name), "--outbound", "outbound.jsonl", "--log", "dispatch.jsonl",
            environment: ["PAGE_LOG": place.path + "/pages.jsonl"])
        var story = Story("realtime-router run \(name).jsonl --outbound … --log …", ending, in: place)
        story.addFiles()
        try story.check("run/\(name)")
    }

    @Test(arguments: BuiltProgram.sessions)
    func asATimeline(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run("inspect", BuiltProgram.session(name), "--derived")
        try Story("realtime-router inspect \(name).jsonl --derived", ending, in: place).check("inspect/\(name)")
    }
}
