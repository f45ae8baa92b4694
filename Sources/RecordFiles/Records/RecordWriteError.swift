/// An error that says that a record could not be written to a file.
///
/// A delivery that fails for good by such an error is a dead letter, as with any error, and counts as a record that is missing in
/// the file.
public protocol RecordWriteError: Error {
    /// The file, as routes.yml or the command line names it.
    var path: String { get }
    /// Why it could not be written.
    var reason: String { get }
}
