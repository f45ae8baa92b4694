import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// A command's program and arguments, with places for the arguments of a call.
///
/// A placeholder is a whole word, `{city}`, or the end of one with a fixed start, `--city={city}`. What the model says is
/// put there as it is, as one argument: there is no shell, and nothing in it is interpreted. A value that is a whole word
/// may not begin with `-`, so that it cannot be taken for an option, unless ``allowsDash`` says otherwise. An argument that
/// has a place must be there; only a group (``CommandPart``) does without.
package struct CommandTemplate: Sendable, Hashable {
    enum Word: Sendable, Hashable {
        case fixed(String)
        case placeholder(Placeholder)
    }

    /// Words that come together or not at all.
    struct Group: Sendable, Hashable {
        var words: [Word]
        var isOptional: Bool

        var arguments: [String] {
            words.compactMap { if case .placeholder(let placeholder) = $0 { placeholder.argument } else { nil } }
        }
    }

    let groups: [Group]

    /// Whether a value that is a whole word may begin with `-`: for programs that take it for no option.
    package var allowsDash = false

    /// Reads the parts of a command.
    ///
    /// - Throws: ``CommandTemplateError`` for the first word that will not do.
    package init(_ parts: [CommandPart], allowsDash: Bool = false) throws(CommandTemplateError) {
        if let problem = Self.problems(in: parts).first { throw problem }
        let words = parts.flatMap(\.words)
        var index = 0
        groups = parts.map { part in
            var group = Group(words: [], isOptional: false)
            if case .group = part { group.isOptional = true }
            for word in part.words {
                if case .placeholder(let placeholder) = Self.reading(of: index, in: words) {
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

    /// Reads the words of a command without optional groups.
    ///
    /// - Throws: ``CommandTemplateError`` for the first word that will not do.
    package init(_ words: [String], allowsDash: Bool = false) throws(CommandTemplateError) {
        try self.init(words.map(CommandPart.word), allowsDash: allowsDash)
    }

    /// The names of the arguments that have a place in it, in order; a name may come twice.
    package var arguments: [String] { groups.flatMap(\.arguments) }

    /// The program.
    var program: String {
        if case .fixed(let program)? = groups.first?.words.first { program } else { "" }
    }

    /// The words with a call's arguments in their places.
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
    /// As many bytes Linux passes as one argument, without the NUL at its end.
    static let argumentLimit = 128 * 1024 - 1

    /// The word with the argument's value in its place.
    func filled(with arguments: JSONObject, allowsDash: Bool) throws(FunctionCallRefusal) -> String {
        let value: String
        switch arguments[argument] {
        case nil, .null?: throw .missing(argument)
        case .string(let text)?: value = text
        case let other?: value = other.description
        }
        if value.utf8.contains(0) { throw .nul(argument) }
        if start.isEmpty, !allowsDash, value.utf8.first == UInt8(ascii: "-") { throw .dash(argument) }
        let word = start + value
        if word.utf8.count > Self.argumentLimit { throw .tooLong(argument, limit: Self.argumentLimit) }
        return word
    }
}

/// A word of a command that will not do.
package struct CommandTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which word, counted from 0, those in groups too; nil when it is the command as a whole.
    package let index: Int?
    /// What is wrong with it.
    package let message: String
    /// What to write instead.
    package let help: String

    /// What is wrong and what to write instead.
    package var description: String { "\(message); \(help)" }
}

extension CommandTemplate {
    /// What stands in the way of a command of these parts.
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
            let hasPlace = indices.contains {
                if case .placeholder = reading(of: $0, in: words) { true } else { false }
            }
            if indices.contains(0) {
                problems.append(
                    CommandTemplateError(
                        index: 0, message: "the program cannot be optional", help: "write it without brackets around it"
                    ))
            } else if !hasPlace {
                problems.append(
                    CommandTemplateError(
                        index: indices.isEmpty ? nil : indices.lowerBound,
                        message: "a group without a placeholder is always there",
                        help: "write its words without brackets around them, or `[--units, \"{units}\"]`"))
            }
        }
        return problems
    }

    private static func problem(of word: String, at index: Int, in words: [String]) -> (String, String)? {
        if word.utf8.contains(0) {
            return ("a word of `command` contains a NUL character", "remove it: no program can be given one")
        }
        switch reading(of: index, in: words) {
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
                "placeholders are for the arguments behind the program"
            )
        case .code(let argument):
            return (
                "\(quoted(word)) is code, and with a placeholder in it the model could run anything",
                "let the code read standard input, or an argument of its own: `[sh, -c, 'echo \"$1\"', sh, \"{\(argument)}\"]`"
            )
        }
    }

    /// What a word of a command is.
    static func reading(of index: Int, in words: [String]) -> Placeholder.Reading {
        Placeholder.read(words[index], isCode: isCode(index, in: words))
    }

    private static let interpreters: Set<String> = [
        "sh", "bash", "dash", "ash", "ksh", "zsh", "fish", "python", "python3", "perl", "ruby", "node", "lua", "php",
        "osascript",
    ]

    /// Whether an interpreter would run the word: it stands behind an option of the interpreter's own like `-c` or `-e`.
    private static func isCode(_ index: Int, in words: [String]) -> Bool {
        let interpreter = words[..<index].lastIndex { interpreters.contains(fileName($0)) }
        guard let interpreter, interpreter + 1 < index else { return false }
        var options = words[(interpreter + 1)..<index]
        // `-o pipefail`: the option's value.
        if let value = options.firstIndex(of: "-o").map({ $0 + 1 }), value < index { options.remove(at: value) }
        guard options.allSatisfy({ $0.hasPrefix("-") }), let last = options.last else { return false }
        return last == "--eval" || !last.hasPrefix("--") && ["c", "e", "r"].contains(last.last)
    }

    private static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }
}
