import ConfigSource

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
