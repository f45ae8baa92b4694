// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// Declares an example. Its product, which `swift run` takes, has the name of its folder.
func example(
    _ folder: String, target: String? = nil, _ dependencies: [Target.Dependency] = ["RealtimeRouter"],
    resources: [String] = []
) -> Target {
    .executableTarget(
        name: target ?? folder, dependencies: dependencies, path: "Examples/\(folder)", exclude: resources,
        swiftSettings: settings)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
/// The path and descriptor types in Subprocess's API. Apple's systems include them.
let systemPackage: Target.Dependency = .product(
    name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux]))
/// SQLite. Only users of `TranscriptStore` build it.
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// SwiftNIO. Only users of a product that serves HTTP build it.
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }
/// WebSockets with TLS. Only users of a product that opens connections build them.
let webSockets: [Target.Dependency] = [
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOExtras", package: "swift-nio-extras"),
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "X509", package: "swift-certificates"),
    .product(name: "SwiftASN1", package: "swift-asn1"),
]

/// The commit that `--version` prints: `REALTIME_ROUTER_COMMIT=$(git rev-parse --short HEAD) swift build`.
let commit = Context.environment["REALTIME_ROUTER_COMMIT"].flatMap { commit in
    commit.isEmpty || commit.contains { !($0.isASCII && ($0.isLetter || $0.isNumber)) } ? nil : commit
}

let package = Package(
    name: "realtime-router",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "RealtimeRouter", targets: ["RealtimeRouter"]),
        .library(name: "EventRouter", targets: ["EventRouter"]),
        .library(name: "RouterProgram", targets: ["RouterProgram"]),
        .library(name: "RouterTesting", targets: ["RouterTesting"]),
        .library(name: "TranscriptStore", targets: ["TranscriptStore"]),
        .library(name: "HTTPService", targets: ["HTTPService"]),
        .library(name: "MetricsServer", targets: ["MetricsServer"]),
        .library(name: "SwiftMetricsBridge", targets: ["SwiftMetricsBridge"]),
        .library(name: "RealtimeConnection", targets: ["RealtimeConnection"]),
        .library(name: "ConnectionCommands", targets: ["ConnectionCommands"]),
        .executable(name: "realtime-router", targets: ["realtime-router"]),
        // The library target already has the name `FunctionCalls`.
        .executable(name: "FunctionCalls", targets: ["FunctionCallsExample"]),
    ],
    traits: [
        .trait(
            name: "VectorIntrinsics",
            description: "Scans events with the processor's vector instructions, through a small C target."),
        .default(enabledTraits: ["VectorIntrinsics"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        // Vector instructions, which Swift does not offer. Without the trait everything works the same, but more
        // slowly.
        .target(name: "CVectors"),
        .target(
            name: "EventJSON",
            dependencies: [.target(name: "CVectors", condition: .when(traits: ["VectorIntrinsics"]))],
            swiftSettings: settings),
        library("ConfigSource"),
        library("RealtimeEvents", ["EventJSON"]),
        library("LinearExpressions"),
        library("EventPatterns", ["EventJSON", "ConfigSource", "LinearExpressions"]),
        library("RealtimeSession", ["RealtimeEvents"]),
        library("RecordFiles", ["EventJSON", "ConfigSource"]),
        library("EventRouter", ["RealtimeSession", "EventPatterns", "RecordFiles", logging]),
        library("RouteFile", ["CLibYAML", "EventRouter", logging]),
        library("Transcripts", ["EventRouter"]),
        library("SchemaValidation", ["EventJSON", "ConfigSource", "LinearExpressions"]),
        library("LocalCommands", [subprocess, systemPackage]),
        library("FunctionCalls", ["EventRouter", "LocalCommands", "SchemaValidation"]),
        library("RealtimeMetrics", ["EventRouter"]),
        library("OperatorHandlers", ["EventRouter", "LocalCommands"]),
        library("SessionAudio", ["EventRouter"]),
        library(
            "RealtimeRouter",
            ["RouteFile", "Transcripts", "FunctionCalls", "RealtimeMetrics", "OperatorHandlers", "SessionAudio"]),
        library("RouterTesting", ["EventRouter"]),
        // Swift cannot compile a string from the build command into a program; C can.
        .target(name: "CBuildInfo", cSettings: commit.map { [.define("REALTIME_ROUTER_COMMIT", to: $0)] } ?? []),
        library("RouterProgram", ["RealtimeRouter", "LocalCommands", "CBuildInfo", argumentParser, logging]),
        library("TranscriptStore", ["Transcripts", grdb]),
        library("HTTPService", nio + [logging]),
        library("MetricsServer", ["HTTPService", "RealtimeMetrics", "EventRouter", logging]),
        library(
            "RealtimeConnection",
            ["EventRouter", "RouteFile", "SchemaValidation", "SessionAudio", "HTTPService", "LocalCommands", logging]
                + nio + webSockets),
        library(
            "ConnectionCommands", ["RealtimeConnection", "RealtimeRouter", "RouterProgram", argumentParser, logging]),
        library("SwiftMetricsBridge", ["EventRouter", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .executableTarget(
            name: "realtime-router",
            dependencies: [
                "RouterProgram", "RealtimeRouter", "TranscriptStore", "MetricsServer", "RealtimeConnection",
                "ConnectionCommands",
            ],
            swiftSettings: settings),
        example("QuickStart"),
        example("TranscriptLog"),
        example("FunctionCalls", target: "FunctionCallsExample", resources: ["functions.yml"]),
        example("SessionMetrics"),
        example("EmbeddedSession", resources: ["agent.yml"]),
        example("CustomHandler", ["RealtimeRouter", "RouterProgram"], resources: ["alarms.yml"]),
        example(
            "LiveAssistant", ["RealtimeRouter", "RealtimeConnection", logging],
            resources: ["assistant.yml", "conversation.yml", "question.wav"]),
        tests("EventJSONTests", ["EventJSON"]),
        tests("ConfigSourceTests", ["ConfigSource"]),
        tests("RealtimeEventsTests", ["RealtimeEvents"]),
        tests("LinearExpressionsTests", ["LinearExpressions"]),
        tests("EventPatternsTests", ["EventPatterns"]),
        tests("RealtimeSessionTests", ["RealtimeSession", "SeededNumbers"]),
        tests("RecordFilesTests", ["RecordFiles", "FailingFiles", "ScratchFolders"]),
        tests("EventRouterTests", ["EventRouter", "RouterTesting", "ScratchFolders", logging]),
        tests("RouteFileTests", ["RouteFile", "ScratchFolders", "SeededNumbers", logging]),
        tests("SchemaValidationTests", ["SchemaValidation"], exclude: ["agreement.py"]),
        tests(
            "RealtimeRouterTests", ["RealtimeRouter", "LocalCommands", "RouterTesting", "ScratchFolders"],
            exclude: ["Schema/validate.py"]),
        tests("LocalCommandsTests", ["LocalCommands", "ScratchFolders"]),
        tests(
            "FunctionCallsTests",
            ["FunctionCalls", "SchemaValidation", "RouterTesting", "FailingFiles", "ScratchFolders", "SeededNumbers"]),
        tests("TranscriptsTests", ["Transcripts", "RouterTesting", "ScratchFolders"], exclude: ["captions.py"]),
        tests("TranscriptStoreTests", ["TranscriptStore", "RouterTesting", grdb]),
        tests("RealtimeMetricsTests", ["RealtimeMetrics", "RouterTesting", "ScratchFolders"], exclude: ["figures.py"]),
        tests("HTTPServiceTests", ["HTTPService", "RawPeers", logging]),
        tests(
            "RealtimeConnectionTests",
            [
                "RealtimeConnection", "HTTPService", "RouterTesting", "RawPeers", "ScratchFolders", "SeededNumbers",
                logging, .product(name: "NIOEmbedded", package: "swift-nio"),
            ]
                + nio + webSockets),
        tests("MetricsServerTests", ["MetricsServer", "RouterTesting"]),
        tests(
            "SwiftMetricsBridgeTests",
            [
                "SwiftMetricsBridge", "RealtimeMetrics", "RouterTesting",
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        tests("OperatorHandlersTests", ["OperatorHandlers", "RouterTesting", "ScratchFolders"]),
        tests("SessionAudioTests", ["SessionAudio", "RouterTesting", "ScratchFolders"]),
        // Temporary folders for tests.
        .target(name: "ScratchFolders", path: "Tests/ScratchFolders", swiftSettings: settings),
        // File operations that a test can make fail.
        .target(
            name: "FailingFiles", dependencies: ["RecordFiles"], path: "Tests/FailingFiles", swiftSettings: settings),
        // Seeded random numbers, so that tests are reproducible.
        .target(name: "SeededNumbers", path: "Tests/SeededNumbers", swiftSettings: settings),
        // An HTTP and WebSocket client that can violate the protocols.
        .target(name: "RawPeers", path: "Tests/RawPeers", swiftSettings: settings),
        // A user's program with its own source type and command.
        .executableTarget(
            name: "PluginProgram", dependencies: ["RouterProgram", "RealtimeRouter", argumentParser],
            path: "Tests/PluginProgram", swiftSettings: settings),
        // These tests run the built programs, which are in the same folder as the test bundle.
        .testTarget(
            name: "RouterProgramTests",
            dependencies: [
                "EventJSON", "RealtimeEvents", "RawPeers", "SeededNumbers", grdb, "realtime-router", "QuickStart",
                "TranscriptLog",
                "FunctionCallsExample",
                "SessionMetrics",
                "CustomHandler",
                "LiveAssistant",
                "PluginProgram",
            ],
            exclude: ["Expected"], swiftSettings: settings),
    ]
)

// Only builds of the documentation resolve the plugin.
if Context.environment["REALTIME_ROUTER_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
