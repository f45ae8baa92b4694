import Transcripts

extension SearchWords {
    /// The words in the query language of FTS5. All of them are quoted: nothing that somebody types is an operator.
    var expression: String {
        phrases.map { phrase in
            "\"" + phrase.text.replacing("\"", with: "\"\"").replacing("\0", with: " ") + "\""
                + (phrase.isPrefix ? "*" : "")
        }.joined(separator: " AND ")
    }
}
