/// What `init` writes: a package with a program that knows every command and a handler of its own.
struct NewPackage {
    /// The name of the package, of its program and of its module.
    static let name = "MyRouter"
    /// The name of the session to try it on.
    static let sessionFile = "session.jsonl"

    private let source: PackageSource

    /// A package that gets realtime-router from somewhere.
    init(_ source: PackageSource) { self.source = source }

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

        /// realtime-router with handlers of its own: `swift run \(name) --help` shows the commands.
        @main
        struct \(name) {
            static func main() async {
                var registry = HandlerRegistry.standard
                SlowAnswerHandler.register(in: &registry)
                // Functions for the model to call go here too: registry.function("roll_dice") { call in … }
                // A type of your own under `sources` in routes.yml: registry.source("switchboard") { options in … }
                await RouterProgram.main(handlers: registry)
            }
        }

        """

    private static let handler = """
        import RealtimeRouter

        /// Says which answers were slow to come.
        struct SlowAnswerHandler: EventHandler {
            /// An option of the handler in routes.yml.
            private static let limit = SectionKey.duration("limit", "How long an answer may take.")
                .defaulting(to: .seconds(1))

            /// Makes `type: slow_answers` known to routes.yml, its option to `check` and to editors.
            static func register(in registry: inout HandlerRegistry) {
                registry.register("slow_answers", "Says which answers were slow to come.", options: [limit]) { options in
                    SlowAnswerHandler(limit: options.read(limit))
                }
            }

            let limit: Duration

            /// The events that a route without `match` gives it.
            let interests: [EventType] = [.routerTurnDone]

            /// Called with one event after the other. What it throws is tried again as the route's `retry` says, and then kept
            /// with the dead letters.
            func handle(_ delivery: EventDelivery) async throws {
                let turn = try delivery.event.decode(Turn.self)
                guard let latency = turn.latencyMs, .milliseconds(latency) > limit else { return }
                print("slow: the answer to turn \\(turn.head.turn ?? 0) took \\(latency) ms")
            }
        }

        """

    private static let ignored = """
        /.build/
        # What a run writes holds what people said.
        /transcript.jsonl
        /dead-letters.jsonl

        """
}

extension NewPackage {
    /// The rules that a new package starts with.
    static let rules = #"""
        # What happens to the events of a voice session:
        #   swift run \#(name) run session.jsonl   routes a recorded one
        #   swift run \#(name) check               says what is wrong with this file, and where
        #   swift run \#(name) test                runs the tests at its end
        # Editors complete and check it once swift run \#(name) schema > routes.schema.json has been run and the first line is
        #   yaml-language-server: $schema=routes.schema.json
        version: 1

        # Where sessions come from when run gets none to read; a type of this package's own is registered in \#(name).swift.
        # sources:
        #   night: { type: file, paths: [calls/*.jsonl], labels: { tenant: acme } }
        #   agent: { type: pipe, live: true, record: { folder: recordings, keep: 30d } }   # a file for each session

        # How sessions are configured that the router opens itself: what the API's session.update takes, and the model.
        # session:
        #   model: gpt-realtime
        #   instructions: You are the night desk. Today's password is ${PASSWORD}.
        #   audio: { input: { transcription: { model: gpt-4o-transcribe } }, output: { voice: marin } }

        # Who does something with an event: a name of your choice, the type, and that type's options.
        handlers:
          console:
            type: console                  # a readable line for an event

          transcript:
            type: transcript               # a line of JSON for every finished utterance
            output: transcript.jsonl

          slow:
            type: slow_answers             # this package's own: SlowAnswerHandler.swift
            limit: ${SLOW_ANSWER:-250ms}   # the environment's SLOW_ANSWER, or this

          # What was heard, as a WAV file for each session: the user left, the assistant right.
          # heard: { type: audio, path: "audio/{session}.wav" }

          # Functions that the model calls, as commands. No shell is involved: {city} is that argument of the call.
          # tools:
          #   type: function_call
          #   functions:
          #     get_weather: { command: [./get-weather, --city, "{city}"], timeout: 5s }

        # Which events go to whom. All routes that match an event fire, in this order.
        routes:
          - name: everything that was said   # without a match a route takes the events that its handlers are made for
            to: transcript

          - name: the call as it goes
            to: console

          - name: slow answers
            to: slow

          - name: greetings
            match:
              type: router.utterance.heard   # somebody finished a sentence
              role: user
              text: [ { phrase: [ good morning, "hello*" ] } ]   # whole words; hello* is any word that begins so
            once_per: session
            to: console

        unmatched: ignore                            # events that no route took: counted, not kept
        dead_letters: { path: dead-letters.jsonl }   # what could not be read or delivered, with the reason

        # What you rely on: an event, and the routes that it fires.
        tests:
          - name: a greeting is noticed
            event: { type: router.utterance.heard, role: user, text: "Hello, is anybody there?" }
            routes: [greetings]

          - name: ours is not
            event: { type: router.utterance.heard, role: assistant, text: Hello! }
            routes: []

        """#
}

extension NewPackage {
    /// A recorded session of one turn, to try rules on.
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
