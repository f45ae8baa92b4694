import Foundation

/// A folder for one test, removed with everything in it at the end.
package final class ScratchFolder: Sendable {
    /// Where it is, without links on the way.
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "realtime-router-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The text of a file in the folder.
    package func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// The text of a file in the folder, nil when there is none yet.
    package func text(_ name: String) -> String? { try? read(name) }

    /// The bytes of a file in the folder.
    package func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    /// Removes a file of the folder.
    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// The lines of a file in the folder; none when there is no file yet.
    package func lines(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: "\n").map(String.init)
    }

    /// The names of the files in the folder, sorted.
    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// What the file system knows a file by, whatever its names are; nil when there is none.
    package func fileNumber(_ name: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.systemFileNumber] as? Int
    }

    /// The permissions of a file or folder in it.
    package func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }

    /// Writes a file into the folder, and gives its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic)
        return "\(path)/\(name)"
    }

    /// Writes a file into the folder, and gives its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }
}
