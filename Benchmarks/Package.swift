// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever uses the library neither builds nor resolves any of this.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let router: Target.Dependency = .product(name: "EventRouter", package: "realtime-router")

/// Whether events are scanned without the vector instructions that C gives access to.
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
