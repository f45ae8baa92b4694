#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a command finds in its environment: PATH, the variables that are let through by name, and those that are set.
///
/// HOME is an empty temporary folder that goes when the command does, unless it is let through or set here: a
/// program's own files (`.netrc`, `.aws`, `.ssh`) are not for whoever makes a model call it.
package struct CommandEnvironment: Sendable, Hashable {
    /// The names of the variables that are passed on from this process, where it has them; PATH always is.
    package var inherited: [String]

    /// Variables that are set; they win over inherited ones.
    package var variables: [String: String]

    /// An environment with nothing but PATH and an empty HOME, unless more is named.
    package init(inherited: [String] = [], variables: [String: String] = [:]) {
        self.inherited = inherited
        self.variables = variables
    }

    /// Whether a text can name a variable: letters, digits and `_`, not beginning with a digit.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The variables as the command will see them, HOME only where it is let through or set.
    func values(parent: (String) -> String? = Self.ownVariable) throws(LocalCommandError) -> [String: String] {
        var values: [String: String] = [:]
        for name in ["PATH"] + inherited {
            try Self.check(name)
            values[name] = parent(name)
        }
        for (name, value) in variables {
            try Self.check(name)
            guard !value.utf8.contains(0) else {
                throw LocalCommandError(.environment, "the value of the variable \(name) contains a NUL character")
            }
            values[name] = value
        }
        return values
    }

    private static func check(_ name: String) throws(LocalCommandError) {
        guard isName(name) else {
            throw LocalCommandError(
                .environment,
                "\"\(name)\" cannot be the name of a variable: letters, digits and _, not beginning with a digit")
        }
    }

    private static func ownVariable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
