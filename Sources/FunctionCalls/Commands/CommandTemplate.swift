import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// A command's program and arguments, with placeholders for the arguments of a call.
///
/// A placeholder is a whole word, `{city}`, or the end of a word with a fixed prefix, `--city={city}`. The value
/// replaces it unchanged, as one argument: there is no shell, and nothing in the value is interpreted. A value that is
/// a whole word must not start with `-`, so that it cannot act as an option, unless ``allowsDash`` is set. An argument
/// with a placeholder must be present, except in an optional group (``CommandPart``).
package struct CommandTemplate: Sendable, Hashable {
    enum Word: Sendable, Hashable {
        case fixed(String)
        case placeholder(Placeholder)
    }

    /// Words that are passed together or not at all.
    struct Group: Sendable, Hashable {
        var words: [Word]
        var isOptional: Bool

        var arguments: [String] {
            words.compactMap { if case .placeholder(let placeholder) = $0 { placeholder.argument } else { nil } }
        }
    }

    let groups: [Group]

    /// Whether a value that is a whole word may start with `-`, for programs that do not interpret such a word as an
    /// option.
    package var allowsDash = false

    /// Parses the parts of a command.
    ///
    /// - Throws: ``CommandTemplateError`` for the first invalid word.
    package init(_ parts: [CommandPart], allowsDash: Bool = false) throws(CommandTemplateError) {
        if let problem = Self.problems(in: parts).first { throw problem }
        let words = parts.flatMap(\.words)
        var index = 0
        groups = parts.map { part in
            var group = Group(words: [], isOptional: false)
            if case .group = part { group.isOptional = true }
            for word in part.words {
                if case .placeholder(let placeholder) = Self.kind(of: index, in: words) {
                    group.words.append(.placeholder(placeholder))
                } else {
                    group.words.append(.fixed(word))
                }
                index += 1
            }
            return group
        }
        self.allowsDash = allowsDash
    }

    /// Parses the words of a command without optional groups.
    ///
    /// - Throws: ``CommandTemplateError`` for the first invalid word.
    package init(_ words: [String], allowsDash: Bool = false) throws(CommandTemplateError) {
        try self.init(words.map(CommandPart.word), allowsDash: allowsDash)
    }

    /// The names of the arguments that have a placeholder, in order; a name may occur twice.
    package var arguments: [String] { groups.flatMap(\.arguments) }

    /// The program.
    var program: String {
        if case .fixed(let program)? = groups.first?.words.first { program } else { "" }
    }

    /// The command's words, with a call's arguments in place of the placeholders.
    func filled(with arguments: JSONObject) throws(FunctionCallRefusal) -> [String] {
        var filled: [String] = []
        for group in groups {
            if group.isOptional, group.arguments.contains(where: { arguments[$0]?.isNull ?? true }) { continue }
            for word in group.words {
                switch word {
                case .fixed(let text): filled.append(text)
                case .placeholder(let placeholder):
                    filled.append(try placeholder.filled(with: arguments, allowsDash: allowsDash))
                }
            }
        }
        return filled
    }
}

extension Placeholder {
    /// Linux's `MAX_ARG_STRLEN`, less the terminating NUL.
    static let argumentLimit = 128 * 1024 - 1

    /// The word with the argument's value in place of the placeholder.
    func filled(with arguments: JSONObject, allowsDash: Bool) throws(FunctionCallRefusal) -> String {
        let value: String
        switch arguments[argument] {
        case nil, .null?: throw .missing(argument)
        case .string(let text)?: value = text
        case let other?: value = other.description
        }
        if value.utf8.contains(0) { throw .nul(argument) }
        if prefix.isEmpty, !allowsDash, value.utf8.first == UInt8(ascii: "-") { throw .dash(argument) }
        let word = prefix + value
        if word.utf8.count > Self.argumentLimit { throw .tooLong(argument, limit: Self.argumentLimit) }
        return word
    }
}

/// An invalid word of a command.
package struct CommandTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The word's index, counted from 0 and including those in groups; nil if the command as a whole is invalid.
    package let index: Int?
    /// What is wrong with the word.
    package let message: String
    /// What to write instead.
    package let help: String

    /// What is wrong and what to write instead.
    package var description: String { "\(message); \(help)" }
}

extension CommandTemplate {
    /// The problems of a command with these parts; empty if it is valid.
    static func problems(in parts: [CommandPart]) -> [CommandTemplateError] {
        let words = parts.flatMap(\.words)
        guard let program = words.first, !program.isEmpty else {
            return [
                CommandTemplateError(
                    index: words.isEmpty ? nil : 0, message: "`command` names no program",
                    help: "write a program and its arguments: `[./bin/get-weather, --city, \"{city}\"]`")
            ]
        }
        let problems = words.enumerated().compactMap { index, word in
            problem(of: word, at: index, in: words).map { message, help in
                CommandTemplateError(index: index, message: message, help: help)
            }
        }
        return problems.isEmpty ? groupProblems(in: parts, words) : problems
    }

    private static func groupProblems(in parts: [CommandPart], _ words: [String]) -> [CommandTemplateError] {
        var problems: [CommandTemplateError] = []
        var index = 0
        for part in parts {
            let indices = index..<(index + part.words.count)
            index = indices.upperBound
            guard case .group = part else { continue }
            let hasPlaceholder = indices.contains {
                if case .placeholder = kind(of: $0, in: words) { true } else { false }
            }
            if indices.contains(0) {
                problems.append(
                    CommandTemplateError(
                        index: 0, message: "the program cannot be optional", help: "write it without brackets around it"
                    ))
            } else if !hasPlaceholder {
                problems.append(
                    CommandTemplateError(
                        index: indices.isEmpty ? nil : indices.lowerBound,
                        message: "an optional group needs a placeholder",
                        help: "write its words without brackets around them, or `[--units, \"{units}\"]`"))
            }
        }
        return problems
    }

    private static func problem(of word: String, at index: Int, in words: [String]) -> (String, String)? {
        if word.utf8.contains(0) {
            return ("a word of `command` contains a NUL character", "remove it: no program can be given one")
        }
        switch kind(of: index, in: words) {
        case .fixed: return nil
        case .placeholder where index > 0: return nil
        case .misplaced(let argument) where index > 0:
            return (
                "a placeholder cannot stand where it does in \(quoted(word))",
                "it is a whole argument, `\"{\(argument)}\"`, or the end of one with a fixed start, `--\(argument)={\(argument)}`"
            )
        case .misplaced, .placeholder:
            return (
                "the model may not choose the program, and \(quoted(word)) has a placeholder",
                "placeholders are for the arguments after the program"
            )
        case .code(let argument):
            return (
                "\(quoted(word)) is code, and with a placeholder in it the model could run anything",
                "let the code read standard input, or an argument of its own: `[sh, -c, 'echo \"$1\"', sh, \"{\(argument)}\"]`"
            )
        }
    }

    /// The kind of a word of the command.
    static func kind(of index: Int, in words: [String]) -> Placeholder.WordKind {
        Placeholder.parse(words[index], isCode: isCode(index, in: words))
    }

    private static let interpreters: Set<String> = [
        "sh", "bash", "dash", "ash", "ksh", "zsh", "fish", "python", "python3", "perl", "ruby", "node", "lua", "php",
        "osascript",
    ]

    /// Whether an interpreter would run the word as code: the word follows one of the interpreter's own options such as
    /// `-c` or `-e`.
    private static func isCode(_ index: Int, in words: [String]) -> Bool {
        let interpreter = words[..<index].lastIndex { interpreters.contains(fileName($0)) }
        guard let interpreter, interpreter + 1 < index else { return false }
        var options = words[(interpreter + 1)..<index]
        // The value of `-o`, as in `-o pipefail`, is not an option.
        if let value = options.firstIndex(of: "-o").map({ $0 + 1 }), value < index { options.remove(at: value) }
        guard options.allSatisfy({ $0.hasPrefix("-") }), let last = options.last else { return false }
        return last == "--eval" || !last.hasPrefix("--") && ["c", "e", "r"].contains(last.last)
    }

    private static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }
}
