import RecordFiles
import Synchronization

/// What nobody may write down: what options and commands name, and what becomes known while the router runs.
final class KnownSecrets: Sendable {
    private struct State {
        var learned: [(name: String, value: String)] = []
        var values: SecretValues
    }

    /// Of keys that are renewed the last ones count.
    private static let limit = 64

    private let given: SecretValues
    private let state: Mutex<State>

    init(_ given: SecretValues) {
        self.given = given
        state = Mutex(State(values: given))
    }

    var values: SecretValues { state.withLock { $0.values } }

    func learn(_ value: String, as name: String) { add([(name, value)]) }

    func learn(from other: KnownSecrets) {
        if other !== self { add(other.state.withLock { $0.learned }) }
    }

    private func add(_ secrets: [(name: String, value: String)]) {
        state.withLock { state in
            let new = secrets.filter { secret in !state.learned.contains { $0 == secret } }
            guard !new.isEmpty else { return }
            state.learned = Array((state.learned + new).suffix(Self.limit))
            state.values = SecretValues(joining: [given, SecretValues(state.learned)])
        }
    }
}
