import Foundation
import Testing

/// A folder that goes with the test.
final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/operator-handlers-tests-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        path = String(cString: try #require(made))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// Writes a POSIX shell script that can be run.
    func script(_ name: String, _ body: String) throws {
        let file = path + "/" + name
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
    }
}
