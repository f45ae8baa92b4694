import ConfigSource

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
