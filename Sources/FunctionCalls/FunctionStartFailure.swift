/// A function whose executor did not start.
package struct FunctionStartFailure: Error, CustomStringConvertible {
    let function: String
    let reason: String

    /// Which function, and why.
    package var description: String { "the function `\(function)`: \(reason)" }
}
