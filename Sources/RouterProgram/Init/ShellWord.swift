/// Words as one writes them in a shell.
enum ShellWord {
    /// The word, in quotes where a shell would read more into it.
    static func quoted(_ word: String) -> String {
        let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.\/+][A-Za-z0-9_.\/+-]*/) != nil
        return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
