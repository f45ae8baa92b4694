import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A new package's dependency on realtime-router.
struct PackageDependency {
    /// The package identity, by which the new package names the products.
    let identity: String
    /// The entry for `dependencies` in Package.swift.
    let declaration: String

    /// A dependency on a repository's URL or on a folder.
    ///
    /// - Parameters:
    ///   - location: the URL or the folder; nil for the clone in which this program was built.
    ///   - folder: the new package's folder. The path to the clone is relative to it, so that both can be moved together.
    /// - Throws: `ProgramExit` with exit code 2 if the location has no package.
    init(_ location: String?, for folder: FolderPath) throws {
        if let location, location.contains("://") || location.hasPrefix("git@") {
            let name = location.split { "/:".contains($0) }.last ?? ""
            identity = String(name.hasSuffix(".git") ? name.dropLast(4) : name)
            declaration = ".package(url: \(Self.literal(location)), branch: \"main\")"
        } else {
            let package = try location.map(Self.package) ?? Self.clone()
            identity = package.name
            declaration = ".package(path: \(Self.literal(package.relative(to: folder))))"
        }
        guard identity.lowercased() != folder.name.lowercased() else {
            throw ProgramExit.unusable(
                "a package in a folder named \(quoted(folder.name)) cannot depend on another of that name; "
                    + "name the folder otherwise")
        }
    }

    private static func package(_ location: String) throws -> FolderPath {
        let folder = FolderPath(location)
        guard folder.has("Package.swift") else {
            throw ProgramExit.unusable(
                "there is no Package.swift in \(location.printable); "
                    + "--package takes the folder of realtime-router, or its repository's address")
        }
        return folder
    }

    /// The nearest enclosing folder of this program that is a clone of realtime-router.
    private static func clone() throws -> FolderPath {
        var folder = FolderPath.ofThisProgram
        while let candidate = folder {
            if candidate.has("Package.swift"), candidate.has("Sources/RouterProgram") { return candidate }
            folder = candidate.parent
        }
        throw ProgramExit.unusable(
            "this program is not in a clone of realtime-router; "
                + "use --package with a folder, or with a repository's address")
    }

    /// The text as a Swift string literal.
    private static func literal(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\""
    }
}

/// The absolute path of a folder, with symbolic links resolved. The last components need not exist.
struct FolderPath {
    /// The path's components.
    let names: [String]

    /// Resolves an absolute path, or one relative to the current folder.
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

    /// The folder of this program's executable; nil if it cannot be determined.
    static var ofThisProgram: FolderPath? {
        let program = real("/proc/self/exe") ?? real(CommandLine.arguments[0])
        return program.map { FolderPath(names: $0.dropLast()) }
    }

    /// The whole path.
    var path: String { Self.joined(names) }

    /// The last component; empty for the root.
    var name: String { names.last ?? "" }

    /// The enclosing folder; nil for the root.
    var parent: FolderPath? { names.isEmpty ? nil : FolderPath(names: names.dropLast()) }

    /// Whether the folder contains a file or folder at this path.
    func has(_ path: String) -> Bool { access(self.path + "/" + path, F_OK) == 0 }

    /// The relative path from another folder.
    func relative(to other: FolderPath) -> String {
        let shared = zip(names, other.names).prefix { $0 == $1 }.count
        let way = other.names.dropFirst(shared).map { _ in ".." } + names.dropFirst(shared)
        return way.isEmpty ? "." : way.joined(separator: "/")
    }

    private static func joined(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    /// The components of an existing path with symbolic links resolved; nil if the path does not exist.
    private static func real(_ path: String) -> [String]? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found).split(separator: "/").map(String.init)
    }
}
