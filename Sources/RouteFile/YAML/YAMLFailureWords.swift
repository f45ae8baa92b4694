import ConfigSource

/// What to tell the author of a file where libyaml gave up: our own words, and what to write instead.
///
/// libyaml says what its grammar expected. What the author did is told by the text around the place.
struct YAMLFailureWords {
    let text: YAMLText
    let failure: YAMLFailure
    /// The first event of the document's value.
    let root: YAMLEvent?
    /// The last event before the failure.
    let last: YAMLEvent?
    /// The collections in brackets that the events left open. libyaml may have read ahead of them.
    let openBrackets: [YAMLEvent]

    /// A message, its place, and the help.
    typealias Words = (message: String, place: Int, help: String?)

    func diagnostic() -> Diagnostic {
        if let byte = failure.byte {
            let location = text.file.location(ofByte: text.file.textStart + byte)
            return Diagnostic(
                .error, "the file is not UTF-8 here", at: location, in: text.file, help: "save the file as UTF-8")
        }
        let words = words()
        return Diagnostic(.error, words.message, at: text.location(words.place), in: text.file, help: words.help)
    }

    /// Where libyaml gave up.
    var place: Int { failure.place }
    /// Where what it was reading began.
    var origin: Int { failure.contextPlace }

    private func words() -> Words {
        switch failure.problem {
        case "found character that cannot start any token": cannotStart()
        case "did not find expected alphabetic or numeric character": reference()
        case "did not find expected comment or line break", "found an indentation indicator equal to 0": blockHeader()
        case "found a tab character where an indentation space is expected",
            "found a tab character that violates indentation":
            tab(place)
        case "found unexpected end of stream", "found unexpected document indicator": unclosedQuote(origin)
        case "found unknown escape character", "did not find expected hexdecimal number",
            "found invalid Unicode character escape code":
            escape()
        case "mapping values are not allowed in this context": secondColon()
        case "could not find expected ':'": noColon()
        case "found unexpected ':'": missingBlank()
        case "block sequence entries are not allowed in this context": inlineDash()
        case "mapping keys are not allowed in this context": questionMark()
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'": inBrackets()
        case "did not find expected node content": noValue()
        case "did not find expected key", "did not find expected '-' indicator": misplaced()
        case "did not find expected <document start>": behindTheEnd()
        default: other()
        }
    }

    private func other() -> Words {
        if failure.context.contains("tag") || failure.problem.contains("tag") {
            let start = text[origin] == "!" ? origin : place
            let run = text.string(text.run(from: start, inFlow: isInBrackets(start)))
            return ("tags such as \(quoted(run)) are not supported", start, YAMLText.quoteHelp(run))
        }
        if failure.context.contains("directive") || failure.problem.contains("YAML document") {
            return (
                "a line that begins with `%` is a directive, and only `%YAML 1.1` and `%YAML 1.2` are known",
                text.lineStart(of: place), "quote the text if it is one"
            )
        }
        return ("this cannot be read as YAML", place, "text with signs in it is safe in quotes")
    }

    /// Whether a place lies between brackets, by the events or by its own line.
    func isInBrackets(_ place: Int) -> Bool {
        openBrackets.contains { isBracket($0.start) } || text.isInsideBracketsOfLine(place)
    }

    func isBracket(_ place: Int) -> Bool { text[place] == "[" || text[place] == "{" }

    func line(_ place: Int) -> Int { text.location(place).line }
}
