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

/// Signs, quotes and escapes.
extension YAMLFailureWords {
    /// A sign that means nothing, or something else, at the start of a plain text.
    func cannotStart() -> Words {
        guard let sign = text[place] else { return ("the file ends too early", place, nil) }
        if sign == "\t" { return tab(place) }
        let run = text.string(text.run(from: place, inFlow: isInBrackets(place)))
        return ("text cannot begin with \(name(sign)) unless it is quoted", place, YAMLText.quoteHelp(run))
    }

    private func name(_ sign: Unicode.Scalar) -> String { sign == "`" ? "a back quote" : "`\(sign)`" }

    func tab(_ place: Int) -> Words {
        ("a tab cannot indent a line", place, "use spaces")
    }

    /// `*refund*`, `& x`: what looks like an alias or an anchor.
    func reference() -> Words {
        let run = text.string(text.run(from: origin, inFlow: isInBrackets(origin)))
        let sign = text[origin] ?? "*"
        let meaning =
            sign == "&"
            ? "`&` at the start of a text names an anchor" : "`*` at the start of a text refers to an anchor"
        return ("\(quoted(run)) is not read as text: \(meaning)", origin, YAMLText.quoteHelp(run))
    }

    /// `- >= 5`, `a: |x`: what looks like the start of a block of text.
    func blockHeader() -> Words {
        let run = text.string(text.run(from: origin, inFlow: false))
        let sign = text[origin] ?? ">"
        return (
            "\(quoted(run)) is not read as text: `\(sign)` at the start begins a block of text on the next lines",
            origin,
            YAMLText.quoteHelp(run)
        )
    }

    func unclosedQuote(_ start: Int) -> Words {
        text[start] == "'"
            ? ("the quote that opens here is never closed", start, "close it with `'`; a `'` inside is written `''`")
            : (
                "the quote that opens here is never closed", start,
                "close it with `\"`; a `\"` inside is written `\\\"`"
            )
    }

    func escape() -> Words {
        var start = place
        // libyaml stands on the backslash, or behind the letter.
        while start > origin, text[start] != "\\" { start -= 1 }
        let letter = text[start + 1].map { String($0) } ?? ""
        let width = ["x": 2, "u": 4, "U": 8][letter]
        guard let width else {
            return (
                "\(quoted("\\" + letter)) means nothing in double quotes", start,
                "write `\\\\\(letter)` for a backslash, or put the text into single quotes"
            )
        }
        if failure.problem == "found invalid Unicode character escape code" {
            return (
                "\(quoted(text.string(start..<start + 2 + width))) is no character", start,
                surrogatePair(start).map { "write \($0)" } ?? "write the character itself"
            )
        }
        return (
            "\(quoted("\\" + letter)) needs \(width) hexadecimal digits after it", start,
            "write `\\\\\(letter)` for a backslash, or put the text into single quotes"
        )
    }

    /// `\\uD83D\\uDE00`, which is one character in JSON, as YAML wants it.
    private func surrogatePair(_ start: Int) -> String? {
        guard text[start + 1] == "u", text[start + 6] == "\\", text[start + 7] == "u",
            let high = UInt32(text.string(start + 2..<start + 6), radix: 16), 0xD800..<0xDC00 ~= high,
            let low = UInt32(text.string(start + 8..<start + 12), radix: 16), 0xDC00..<0xE000 ~= low,
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "`\(scalar)`, or `\\U\(String(repeating: "0", count: 8 - digits.count))\(digits)` for both"
    }

    /// `{b:[c]}`
    func missingBlank() -> Words {
        let behind = text.string(text.run(from: place + 1, inFlow: true))
        let key = text.string(origin..<place)
        let help = behind.isEmpty ? "write `\(key): ` and a value" : "put a space after the colon: `\(key): \(behind)`"
        return ("there is no space after the colon", place, help)
    }

    func inlineDash() -> Words {
        let run = text.string(text.run(from: place, inFlow: false))
        let element = text.string(text.run(from: text.skipBlanks(from: place + 1), inFlow: false))
        return (
            "a list with dashes cannot begin in the line of its key", place,
            "put \(quoted(run)) on the next line, or write `[\(element)]`"
        )
    }

    func questionMark() -> Words {
        let run = text.string(text.run(from: place, inFlow: isInBrackets(place)))
        return ("text cannot begin with `? ` unless it is quoted", place, YAMLText.quoteHelp(run))
    }
}
