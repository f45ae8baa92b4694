#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder by the names on the way to it from the root, links followed. The last ones may not be there yet.
struct FolderPath {
    /// The names.
    let names: [String]

    /// A folder by its path from the root or from the current folder.
    init(_ path: String) {
        var names = path.hasPrefix("/") ? [] : Self.real(".") ?? []
        for name in path.split(separator: "/") {
            switch name {
            case ".": continue
            case "..": _ = names.popLast()
            default:
                names.append(String(name))
                names = Self.real(Self.joined(names)) ?? names
            }
        }
        self.names = names
    }

    private init(names: [String]) { self.names = names }

    /// The folder that this program lies in; nil when the system does not say.
    static var ofThisProgram: FolderPath? {
        let program = real("/proc/self/exe") ?? real(CommandLine.arguments[0])
        return program.map { FolderPath(names: $0.dropLast()) }
    }

    /// The whole path.
    var path: String { Self.joined(names) }

    /// The folder's own name, which the root has not.
    var name: String { names.last ?? "" }

    /// The folder that it lies in; nil for the root.
    var parent: FolderPath? { names.isEmpty ? nil : FolderPath(names: names.dropLast()) }

    /// Whether there is something at a path in it.
    func has(_ path: String) -> Bool { access(self.path + "/" + path, F_OK) == 0 }

    /// The way to it from another folder.
    func relative(to other: FolderPath) -> String {
        let shared = zip(names, other.names).prefix { $0 == $1 }.count
        let way = other.names.dropFirst(shared).map { _ in ".." } + names.dropFirst(shared)
        return way.isEmpty ? "." : way.joined(separator: "/")
    }

    private static func joined(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    /// The names on the way to what is there, links followed; nil when nothing is there.
    private static func real(_ path: String) -> [String]? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found).split(separator: "/").map(String.init)
    }
}
