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
