#if os(Linux)
    import EventRouter
    import FunctionCalls
    import LocalCommands
    import RealtimeEvents

    /// What a call of the load test does, and the expected answer for the model.
    enum StormCall: String, CaseIterable {
        case command, worker, swift
        case fail, hang, flood, crash

        static let good: [StormCall] = [.command, .worker, .swift]
        static let bad: [StormCall] = [.fail, .hang, .flood, .crash]

        func answer(to id: String) -> String {
            switch self {
            case .command, .worker, .swift: "\(rawValue) \(id)"
            case .fail, .crash: #"{"error":"the function failed (reference \#(id))"}"#
            case .hang, .flood: #"{"error":"the function took too long (reference \#(id))"}"#
            }
        }

        /// The functions. Their commands run in a folder that identifies them.
        static func functions(in folder: String) throws -> [LocalFunction] {
            try allCases.map { try LocalFunction($0.rawValue, timeout: .seconds(300), executor: $0.executor(folder)) }
        }

        private func executor(_ folder: String) throws -> any FunctionCallExecutor {
            switch self {
            case .swift: return ClosureExecutor { FunctionCallResult("swift \($0.callID ?? "")") }
            case .worker:
                let script = #"""
                    while read -r line; do
                        id=${line#*:}; call=${line#*\"call_id\":\"}
                        echo "{\"id\":${id%%,*},\"output\":\"worker ${call%%\"*}\"}"
                    done
                    """#
                return WorkerExecutor(
                    LocalCommand(["/bin/sh", "-c", script], workingDirectory: folder, limits: limits))
            default:
                return CommandExecutor(
                    try CommandTemplate(["/bin/sh", "-c", script, "sh", "{text}"]), workingDirectory: folder,
                    limits: limits)
            }
        }

        private var script: String {
            switch self {
            case .fail: "echo broken >&2; exit 3"
            case .hang: "trap '' TERM; (trap '' TERM; sleep 600) & while :; do sleep 60; done"
            case .flood: "exec yes \"$1\""
            case .crash: "kill -SEGV $$"
            default: #"printf 'command %s' "$1""#
            }
        }

        /// Calls that must succeed get a timeout that suffices on a busy machine.
        private var limits: CommandLimits {
            let isEndless = self == .hang || self == .flood
            return CommandLimits(
                timeout: isEndless ? .milliseconds(200) : .seconds(300), killAfter: .milliseconds(100))
        }
    }
#endif
