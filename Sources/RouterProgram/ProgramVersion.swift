import CBuildInfo
import RealtimeRouter

/// What `--version` says.
enum ProgramVersion {
    /// The version of the package.
    static let number = RouterVersion.number

    /// Version, commit, Swift version and linked products.
    static func description(of handlers: HandlerRegistry) -> String {
        let products = ["RealtimeRouter"] + handlers.products.sorted()
        return """
            realtime-router \(number), commit \(unsafe String(cString: build_commit()))
            Swift \(swiftVersion)
            products: \(products.joined(separator: ", "))
            """
    }

    /// The compiler's version, as far as the compiler says it to the source.
    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
