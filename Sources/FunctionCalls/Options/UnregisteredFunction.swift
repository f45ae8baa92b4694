import EventRouter
import RealtimeEvents

/// Stands for a Swift function that this program does not know, in commands that start nothing.
struct UnregisteredFunction: FunctionCallExecutor {
    func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        preconditionFailure("a file with unregistered functions was loaded to be started")
    }
}
