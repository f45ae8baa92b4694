import ConfigSource
import EventRouter
import LocalCommands

// What only a worker has.
extension FunctionOptions {
    mutating func readWorker(_ timeout: Duration) -> (any FunctionCallExecutor)? {
        let limits = readLimits(timeout)
        let inherited = readInherited()
        let workingDirectory = section.read(FunctionKeys.workingDirectory)
        let resources = readResources()
        if reportsLine(at: FunctionKeys.worker.name) { return nil }
        guard let nodes = section.read(FunctionKeys.worker), let words = words(nodes) else { return nil }
        let command = LocalCommand(
            words, environment: CommandEnvironment(inherited: inherited), workingDirectory: workingDirectory,
            baseFolder: folder, limits: limits, resources: resources)
        warn(of: command.concern(), at: FunctionKeys.worker.name)
        return WorkerExecutor(command, clock: clock, executor: surroundings.executor)
    }

    /// The words; nil, and reported, when they are none of a worker.
    private func words(_ nodes: [Node]) -> [String]? {
        let words = nodes.compactMap { word($0, of: FunctionKeys.worker.name) }
        guard words.count == nodes.count else { return nil }
        guard words.first?.isEmpty == false else {
            section.error(
                "`worker` names no program", at: FunctionKeys.worker.name,
                help: "write a program and its arguments: `[./bin/\(name)]`")
            return nil
        }
        var isFit = true
        for (word, node) in zip(words, nodes) {
            guard case .placeholder = Placeholder.read(word) else { continue }
            isFit = false
            section.diagnostics.error(
                "a worker is started before there is a call, and \(quoted(word)) has a placeholder", at: node,
                help: "it reads the arguments of each call from its standard input")
        }
        return isFit ? words : nil
    }
}
