import ConfigSource

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
