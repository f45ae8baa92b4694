/// The package that `init` writes: a program with every command and a custom handler.
struct NewPackage {
    /// The name of the package, its program and its module.
    static let name = "MyRouter"
    /// The name of the recorded session.
    static let sessionFile = "session.jsonl"

    private let source: PackageDependency

    /// A package with a dependency on realtime-router.
    init(_ source: PackageDependency) { self.source = source }

    /// The files, by their paths in the package.
    var files: [(path: String, text: String)] {
        [
            ("Package.swift", manifest),
            ("Sources/\(Self.name)/\(Self.name).swift", Self.program),
            ("Sources/\(Self.name)/SlowAnswerHandler.swift", Self.handler),
            ("routes.yml", Self.rules),
            (Self.sessionFile, Self.session),
            (".gitignore", Self.ignored),
        ]
    }

    private var manifest: String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(Self.name)",
            platforms: [.macOS(.v15)],
            dependencies: [
                \(source.declaration)
            ],
            targets: [
                .executableTarget(
                    name: "\(Self.name)",
                    dependencies: [
                        .product(name: "RealtimeRouter", package: "\(source.identity)"),
                        .product(name: "RouterProgram", package: "\(source.identity)"),
                    ])
            ]
        )

        """
    }

    private static let program = """
        import RealtimeRouter
        import RouterProgram

        /// realtime-router with a custom handler. `swift run \(name) --help` lists the commands.
        @main
        struct \(name) {
            static func main() async {
                var registry = HandlerRegistry.standard
                SlowAnswerHandler.register(in: &registry)
                // Register a function for the model: registry.function("roll_dice") { call in … }
                // Register a type for `sources` in routes.yml: registry.source("switchboard") { options in … }
                await RouterProgram.main(handlers: registry)
            }
        }

        """

    private static let handler = """
        import RealtimeRouter

        /// Prints which answers were slow.
        struct SlowAnswerHandler: EventHandler {
            /// An option of the handler in routes.yml.
            private static let limit = SectionKey.duration("limit", "The time after which an answer counts as slow.")
                .defaulting(to: .seconds(1))

            /// Registers `type: slow_answers` for routes.yml. `check` and editors then know its option.
            static func register(in registry: inout HandlerRegistry) {
                registry.register("slow_answers", "Prints which answers were slow.", options: [limit]) { options in
                    SlowAnswerHandler(limit: options.read(limit))
                }
            }

            let limit: Duration

            /// The events that a route without `match` delivers to this handler.
            let interests: [EventType] = [.routerTurnDone]

            /// Handles one event at a time. If it throws, the router retries as the route's `retry` says, and then writes a dead
            /// letter.
            func handle(_ delivery: EventDelivery) async throws {
                let turn = try delivery.event.decode(Turn.self)
                guard let latency = turn.latencyMs, .milliseconds(latency) > limit else { return }
                print("slow: the answer to turn \\(turn.head.turn ?? 0) took \\(latency) ms")
            }
        }

        """

    private static let ignored = """
        /.build/
        # These files contain what people said.
        /transcript.jsonl
        /dead-letters.jsonl

        """
}

extension NewPackage {
    /// The rules that a new package starts with.
    static let rules = #"""
        # The rules by which the events of voice sessions are routed to handlers:
        #   swift run \#(name) run session.jsonl   routes a recorded session
        #   swift run \#(name) check               reports mistakes in this file
        #   swift run \#(name) test                runs the tests at the end of this file
        # For completion in editors, run `swift run \#(name) schema > routes.schema.json` and make this the first line:
        #   yaml-language-server: $schema=routes.schema.json
        version: 1

        # The sources of sessions, used by `run` without arguments. Your own source types are registered in \#(name).swift.
        # sources:
        #   night: { type: file, paths: [calls/*.jsonl], labels: { tenant: acme } }
        #   agent: { type: pipe, live: true, record: { folder: recordings, keep: 30d } }   # one file per session

        # The configuration of sessions that the router opens itself: the fields of the API's session.update, and the model.
        # session:
        #   model: gpt-realtime
        #   instructions: You are the night desk. Today's password is ${PASSWORD}.
        #   audio: { input: { transcription: { model: gpt-4o-transcribe } }, output: { voice: marin } }

        # Handlers: a name of your choice, the handler's type, and that type's options.
        handlers:
          console:
            type: console                  # prints one line per event

          transcript:
            type: transcript               # writes one line of JSON per finished utterance
            output: transcript.jsonl

          slow:
            type: slow_answers             # see SlowAnswerHandler.swift
            limit: ${SLOW_ANSWER:-250ms}   # the environment variable SLOW_ANSWER, or 250ms

          # Writes one WAV file per session: the user in the left channel, the assistant in the right.
          # heard: { type: audio, path: "audio/{session}.wav" }

          # Functions that the model can call, as commands. {city} is an argument of the call. No shell is involved.
          # tools:
          #   type: function_call
          #   functions:
          #     get_weather: { command: [./get-weather, --city, "{city}"], timeout: 5s }

        # Routes: which events go to which handlers. All routes that match an event fire, in this order.
        routes:
          - name: everything that was said   # a route without `match` takes the events that its handlers are made for
            to: transcript

          - name: the call as it goes
            to: console

          - name: slow answers
            to: slow

          - name: greetings
            match:
              type: router.utterance.heard   # the words of an utterance are final
              role: user
              text: [ { phrase: [ good morning, "hello*" ] } ]   # whole words; hello* matches any word with this prefix
            once_per: session
            to: console

        unmatched: ignore                            # events that no route takes are only counted
        dead_letters: { path: dead-letters.jsonl }   # unreadable lines and failed deliveries, with the reason

        # Tests: an event, and the routes that it must fire.
        tests:
          - name: a user's greeting fires the route
            event: { type: router.utterance.heard, role: user, text: "Hello, is anybody there?" }
            routes: [greetings]

          - name: an assistant's greeting does not
            event: { type: router.utterance.heard, role: assistant, text: Hello! }
            routes: []

        """#
}

extension NewPackage {
    /// A recorded session with one turn.
    static let session = #"""
        {"at": 0, "direction": "server", "event": {"type": "session.created", "event_id": "event_1", \#
        "session": {"type": "realtime", "id": "sess_1", "model": "gpt-realtime", \#
        "output_modalities": ["audio"], \#
        "audio": {"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}, \#
        "turn_detection": {"type": "server_vad"}}}}}}
        {"at": 0.74, "direction": "server", "event": {"type": "input_audio_buffer.speech_started", \#
        "event_id": "event_2", "audio_start_ms": 320, "item_id": "item_1"}}
        {"at": 2.27, "direction": "server", "event": {"type": "input_audio_buffer.speech_stopped", \#
        "event_id": "event_3", "audio_end_ms": 2160, "item_id": "item_1"}}
        {"at": 2.27, "direction": "server", "event": {"type": "input_audio_buffer.committed", \#
        "event_id": "event_4", "previous_item_id": null, "item_id": "item_1"}}
        {"at": 2.28, "direction": "server", "event": {"type": "conversation.item.added", \#
        "event_id": "event_5", "previous_item_id": null, "item": {"id": "item_1", "type": "message", \#
        "status": "completed", "role": "user", "content": [{"type": "input_audio", "transcript": null}]}}}
        {"at": 2.29, "direction": "server", "event": {"type": "response.created", "event_id": "event_6", \#
        "response": {"id": "resp_1", "status": "in_progress", "output": []}}}
        {"at": 2.53, "direction": "server", "event": {"type": "response.output_item.added", \#
        "event_id": "event_7", "response_id": "resp_1", "output_index": 0, "item": {"id": "item_2", \#
        "type": "message", "status": "in_progress", "role": "assistant", "content": []}}}
        {"at": 2.53, "direction": "server", "event": {"type": "conversation.item.added", \#
        "event_id": "event_8", "previous_item_id": "item_1", "item": {"id": "item_2", "type": "message", \#
        "status": "in_progress", "role": "assistant", "content": []}}}
        {"at": 2.62, "direction": "server", "event": {"type": "response.output_audio.delta", \#
        "event_id": "event_9", "response_id": "resp_1", "item_id": "item_2", "output_index": 0, \#
        "content_index": 0, "delta": "AAAAAAAAAAAAAAAA"}}
        {"at": 2.73, "direction": "server", \#
        "event": {"type": "conversation.item.input_audio_transcription.completed", "event_id": "event_10", \#
        "item_id": "item_1", "content_index": 0, "transcript": "Good morning, I'm Ada."}}
        {"at": 2.92, "direction": "server", "event": {"type": "response.output_audio_transcript.done", \#
        "event_id": "event_11", "response_id": "resp_1", "item_id": "item_2", "output_index": 0, \#
        "content_index": 0, "transcript": "Good morning, Ada! What can I do for you?"}}
        {"at": 2.93, "direction": "server", "event": {"type": "response.output_item.done", \#
        "event_id": "event_12", "response_id": "resp_1", "output_index": 0, "item": {"id": "item_2", \#
        "type": "message", "status": "completed", "role": "assistant", "content": [{"type": "output_audio", \#
        "transcript": "Good morning, Ada! What can I do for you?"}]}}}
        {"at": 2.94, "direction": "server", "event": {"type": "response.done", "event_id": "event_13", \#
        "response": {"id": "resp_1", "status": "completed", "output": [{"id": "item_2", "type": "message", \#
        "status": "completed", "role": "assistant", "content": [{"type": "output_audio", \#
        "transcript": "Good morning, Ada! What can I do for you?"}]}], "usage": {"total_tokens": 134, \#
        "input_tokens": 36, "output_tokens": 98}}}}

        """#
}
