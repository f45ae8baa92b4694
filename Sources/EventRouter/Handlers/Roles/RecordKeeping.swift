public import RecordFiles

/// A handler that keeps records of sessions beyond its life, and can be told to forget them.
public protocol RecordKeeping: EventHandler {
    /// The records; nil when the handler keeps none with its present options. Asked for before a start too.
    var records: (any RecordKeeper)? { get }
}
