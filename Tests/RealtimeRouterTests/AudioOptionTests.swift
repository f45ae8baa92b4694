import RealtimeRouter
import Testing

/// The options of a handler of type `audio`.
@Suite struct AudioOptionTests {
    @Test(arguments: [
        ("path: \"audio/{session}.wav\"", ""), ("path: \"{date}/{session}.wav\"", ""),
        (
            "",
            """
            routes.yml:2:19: error: the handler `heard` needs the key `path`
                2 | handlers: {heard: {type: audio}}
                  |                   ^
               help: write `path: audio/{session}.wav`
            """
        ),
        (
            "path: audio.wav",
            """
            routes.yml:2:39: error: `path` must have `{session}` in the file's name: each session has a file of its own
                2 | handlers: {heard: {type: audio, path: audio.wav}}
                  |                                       ^
               help: write `path: audio/{session}.wav`
            """
        ),
        (
            "path: \"{session}/{item}.wav\"",
            """
            routes.yml:2:39: error: `path` has unknown text in braces
                2 | handlers: {heard: {type: audio, path: "{session}/{item}.wav"}}
                  |                                       ^
               help: `{session}` is replaced by the session's key, `{date}` by the day
            """
        ),
        (
            "path: \"-\"",
            """
            routes.yml:2:39: error: `path` must have `{session}` in the file's name: each session has a file of its own
                2 | handlers: {heard: {type: audio, path: "-"}}
                  |                                       ^
               help: write `path: audio/{session}.wav`
            """
        ),
        (
            "path: \"{session}.wav\", rate: 8000",
            """
            routes.yml:2:56: error: unknown key `rate`
                2 | handlers: {heard: {type: audio, path: "{session}.wav", rate: 8000}}
                  |                                                        ^
               help: known keys: `type`, `on_full`, `queue_capacity`, `queue_bytes`, `shared_queue_capacity`, `shared_queue_bytes`, `handler_timeout`, `retry`, `path`
            """
        ),
    ])
    func options_everyMistakeAtItsPlace(_ options: String, _ rendered: String) {
        let text = """
            version: 1
            handlers: {heard: {type: audio\(options.isEmpty ? "" : ", " + options)}}
            routes: [{name: audio, to: heard}]
            """
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: text), registry: .standard, diagnostics)
        #expect(diagnostics.rendered() == rendered)
        #expect((configuration != nil) == rendered.isEmpty)
    }
}
