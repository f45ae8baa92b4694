import Testing

@testable import RouteFile

/// Parsing of texts with `${NAME}`.
@Suite struct VariableTextTests {
    @Test(
        arguments: [
            ("", []),
            ("plain", [.text("plain")]),
            ("${A}", [.variable(name: "A", default: nil)]),
            ("a${B_1}c", [.text("a"), .variable(name: "B_1", default: nil), .text("c")]),
            ("${_a}${b}", [.variable(name: "_a", default: nil), .variable(name: "b", default: nil)]),
            ("${A:-}", [.variable(name: "A", default: "")]),
            ("${A:-b:-c d$e}", [.variable(name: "A", default: "b:-c d$e")]),
            ("$A $ $$ 5$", [.text("$A $ $$ 5$")]),
            ("$${A}", [.text("${A}")]),
            ("$$${A}", [.text("$${A}")]),
            ("$${", [.text("${")]),
            ("${A}}", [.variable(name: "A", default: nil), .text("}")]),
        ] as [(String, [VariableText.Piece])])
    func variableText_isSplitIntoPieces(_ text: String, _ pieces: [VariableText.Piece]) throws {
        #expect(try VariableText(text).pieces == pieces)
    }

    @Test(arguments: ["${", "a ${A", "${A:-x"])
    func variableText_unterminated_throws(_ text: String) {
        #expect { try VariableText(text) } throws: {
            if case VariableText.Failure.unterminated = $0 { true } else { false }
        }
    }

    /// Splitting at the first `}` would end in the middle of the inner variable.
    @Test(arguments: ["${A:-${B}}", "${A:-${B:-c}}", "${A:-$${B}}", "${A:-${}x"])
    func variableText_nestedVariable_throws(_ text: String) {
        #expect { try VariableText(text) } throws: {
            if case VariableText.Failure.nestedVariable("A") = $0 { true } else { false }
        }
    }

    @Test(arguments: ["${}", "${1A}", "${A-x}", "${A:?x}", "${A.b}", "${ A}", "${Ä}", "${A:x}"])
    func variableText_invalidName_throws(_ text: String) {
        let inner = text.dropFirst(2).dropLast()
        #expect { try VariableText(text) } throws: {
            if case VariableText.Failure.invalidName(String(inner)) = $0 { true } else { false }
        }
    }

    @Test(
        arguments: [
            ("", nil), ("$A", nil), ("$${A}", nil), ("${}", nil), ("${A", nil), ("a+${2}", nil), ("${A}", "A"),
            ("${2} ${B:-c}", "B"), ("${A:-${B}}", "B"), ("$$${C}", nil), ("$${A}${D}", "D"), ("${x{y}${Z}", "Z"),
        ] as [(String, String?)])
    func firstName_findsFirstValidVariable(_ text: String, _ name: String?) {
        #expect(VariableText.firstName(in: text) == name)
    }
}
