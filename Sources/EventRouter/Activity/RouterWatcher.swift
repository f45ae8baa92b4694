/// A handler that reports on the router itself, as a meter does.
///
/// ## Contract
/// `watch(_:)` is called once for each router that the handler serves, before ``EventHandler/start()``; in a dry run it is not called.
/// The router keeps no handling times and publishes no counts unless one of its handlers is a watcher.
package protocol RouterWatcher: EventHandler {
    /// Takes what the router does. It may be read at any time, from any thread, also after the last run.
    func watch(_ activity: RouterActivity)
}
