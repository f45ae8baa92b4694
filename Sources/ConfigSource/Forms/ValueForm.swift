/// What may stand as a value: what a reader accepts and what a schema for editors says, in one.
public indirect enum ValueForm: Sendable {
    /// Any text.
    case string
    /// A text that is not empty.
    case name
    /// `true` or `false`.
    case bool
    /// A whole number within bounds.
    case int(ClosedRange<Int>)
    /// A number, however large.
    case number
    /// A time span such as `250ms` or `5s`, within bounds if there are any.
    case duration(ClosedRange<Duration>?)
    /// A number of bytes, such as `64KiB` or `4096`, within bounds.
    case byteSize(ClosedRange<Int>)
    /// One of several words.
    case choice([String])
    /// A program and its arguments: a list of words, never a line for a shell.
    case command
    /// The same, with lists of words in it that may be left out.
    case commandTemplate
    /// A list, of at least so many elements.
    case list(of: ValueForm, atLeast: Int = 0)
    /// A list of exactly these elements.
    case tuple([ValueForm])
    /// A mapping whose keys are names that the author chooses, at least so many.
    case mapping(of: ValueForm, atLeast: Int = 0)
    /// A mapping with keys of its own.
    case section(SectionForm)
    /// Any of several forms.
    case either([ValueForm])
    /// A form that is described elsewhere, under this name.
    case named(String)
    /// Whatever can be written.
    case anything

    /// A text, or a list of texts.
    public static let stringOrList = ValueForm.either([.string, .list(of: .string)])
}
