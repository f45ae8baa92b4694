/// A handler that reports at the end of a run.
public protocol Summarizing: EventHandler {
    /// The report; nil when there is nothing to say. Asked for at the end of each run, from the run's task, while other runs may deliver.
    var summary: HandlerSummary? { get }
}
