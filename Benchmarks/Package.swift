// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that users of the library neither build nor resolve any of this.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let router: Target.Dependency = .product(name: "EventRouter", package: "realtime-router")

/// Whether events are scanned without vector instructions, which only the C target provides.
let isPortable = Context.environment["REALTIME_ROUTER_PORTABLE"] != nil

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "realtime-router", path: "..", traits: isPortable ? [] : [.defaults])],
    targets: [
        .executableTarget(name: "EventBenchmark", dependencies: [router], swiftSettings: settings),
        .executableTarget(name: "JSONVerdicts", dependencies: [router], swiftSettings: settings),
        .target(name: "CAllocations"),
        .executableTarget(name: "LiveSessions", dependencies: [router, "CAllocations"], swiftSettings: settings),
        .executableTarget(name: "AllocationCount", dependencies: [router, "CAllocations"], swiftSettings: settings),
    ]
)
