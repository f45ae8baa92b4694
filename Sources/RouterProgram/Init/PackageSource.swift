import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a new package gets realtime-router from.
struct PackageSource {
    /// The name by which the new package asks for its products.
    let identity: String
    /// The entry among the dependencies in Package.swift.
    let declaration: String

    /// A repository's address, or a folder; by default the clone that this program was built in.
    ///
    /// - Parameter folder: that of the new package. A folder is named by the way from there, so that both can move together.
    /// - Throws: `ProgramEnding` with exit code 2.
    init(_ place: String?, for folder: FolderPath) throws {
        if let place, place.contains("://") || place.hasPrefix("git@") {
            let name = place.split { "/:".contains($0) }.last ?? ""
            identity = String(name.hasSuffix(".git") ? name.dropLast(4) : name)
            declaration = ".package(url: \(Self.literal(place)), branch: \"main\")"
        } else {
            let package = try place.map(Self.package) ?? Self.clone()
            identity = package.name
            declaration = ".package(path: \(Self.literal(package.relative(to: folder))))"
        }
        guard identity.lowercased() != folder.name.lowercased() else {
            throw ProgramEnding.unusable(
                "a package in a folder named \(quoted(folder.name)) cannot depend on another of that name; "
                    + "name the folder otherwise")
        }
    }

    private static func package(_ place: String) throws -> FolderPath {
        let folder = FolderPath(place)
        guard folder.has("Package.swift") else {
            throw ProgramEnding.unusable(
                "there is no Package.swift in \(place.printable); "
                    + "--package takes the folder of realtime-router, or its repository's address")
        }
        return folder
    }

    /// The nearest folder around this program that is a clone of realtime-router.
    private static func clone() throws -> FolderPath {
        var folder = FolderPath.ofThisProgram
        while let candidate = folder {
            if candidate.has("Package.swift"), candidate.has("Sources/RouterProgram") { return candidate }
            folder = candidate.parent
        }
        throw ProgramEnding.unusable(
            "this program does not lie in a clone of realtime-router; "
                + "say where the new package finds it: --package with a folder, or with a repository's address")
    }

    /// A text as Swift writes it.
    private static func literal(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\""
    }
}

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
