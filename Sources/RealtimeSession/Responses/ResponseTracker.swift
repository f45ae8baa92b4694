internal import EventJSON

/// The responses of a session: those that run, and the last ones that are done.
struct ResponseLedger: Sendable {
    /// How many responses that are done are remembered, for items that are truncated while they play.
    static let doneLimit = 128
    /// How many responses are remembered at all.
    static let limit = 1024

    /// In the order in which they were seen. None is nil: an optional is what can be changed in its place under a key.
    private var records: [ResponseRecord?] = []
    /// The keys of the records.
    private var keys: [IDKey] = []
    private var doneCount = 0
    /// The response that was created last and is not done: what events without a response id belong to.
    private(set) var current: IDKey?
    /// Whether a response ever named its conversation; only then does null mean out of band.
    var namesConversations = false
    /// The metadata of the responses out of band that the client has asked for and that have not come.
    private var outOfBandRequests: [JSONValue] = []
    /// Bytes a second of the assistant's audio, where a response does not say it.
    var audioRate = AudioRate.pcm24

    subscript(key: IDKey) -> ResponseRecord? {
        get { place(of: key).flatMap { records[$0] } }
        _modify {
            if let place = place(of: key) {
                yield &records[place]
            } else {
                var nothing: ResponseRecord?
                yield &nothing
            }
        }
    }

    /// Nearly always the last response is asked for.
    private func place(of key: IDKey) -> Int? { keys.lastIndex(of: key) }

    /// The response that a field names, made on first sight; without a name the one that is active.
    mutating func open(_ field: Int, _ event: borrowing EventReader, turn: Int) -> IDKey? {
        guard let key = event.key(field) else { return current }
        open(key, turn: turn, at: nil) { event.string(field) ?? "" }
        return key
    }

    /// Makes a response known, unless it is.
    mutating func open(_ key: IDKey, turn: Int, at: Double?, id: () -> String) {
        guard place(of: key) == nil else { return }
        records.append(ResponseRecord(id: id(), key: key, turn: turn, at: at))
        keys.append(key)
        current = key
        if keys.count > Self.limit { forget(records.firstIndex { $0?.isDone ?? true } ?? 0) }
    }

    /// Takes in that a response is done.
    mutating func close(_ key: IDKey) {
        if current == key { current = nil }
        doneCount += 1
        guard doneCount > Self.doneLimit, let oldest = records.firstIndex(where: { $0?.isDone ?? true }) else { return }
        forget(oldest)
    }

    /// Takes in that nothing more comes of the response that is active.
    mutating func leaveCurrent() { current = nil }

    /// Takes in that a response is out of band: events without a response id do not belong to it while another one runs.
    mutating func setAside(_ key: IDKey) {
        guard current == key else { return }
        current = records.last { $0?.isDone == false && $0?.isOutOfBand == false }?.map(\.key) ?? key
    }

    /// The client asks for a response out of band. Only by metadata of its own can it be told from others when it comes.
    mutating func requestOutOfBand(_ metadata: JSONValue?) {
        guard let metadata else { return }
        if outOfBandRequests.count == Self.requestLimit { outOfBandRequests.removeFirst() }
        outOfBandRequests.append(metadata)
    }

    /// Whether a response that comes with this metadata and without a conversation is one that the client asked for out of band.
    mutating func takeOutOfBandRequest(_ metadata: JSONValue?) -> Bool {
        guard !outOfBandRequests.isEmpty, let metadata, let place = outOfBandRequests.firstIndex(of: metadata) else {
            return false
        }
        outOfBandRequests.remove(at: place)
        return true
    }

    private static let requestLimit = 64

    /// Those that are out of band if the server names conversations, in the order in which they were seen.
    var withNullConversation: [IDKey] { records.compactMap { $0?.hasNullConversation == true ? $0?.key : nil } }

    /// How many are remembered.
    var count: Int { keys.count }

    /// Those whose interruption is still to be told, in the order in which they were seen.
    var interrupted: [IDKey] { records.compactMap { $0?.interruption == nil ? nil : $0?.key } }

    private mutating func forget(_ place: Int) {
        let key = keys.remove(at: place)
        if records.remove(at: place)?.isDone == true { doneCount -= 1 }
        if current == key { current = nil }
    }
}

/// How many bytes a second of audio has, by the names that sessions and responses give to their format.
enum AudioRate {
    /// 24 kHz, 16 bits, mono: what the protocol has unless something else is said.
    static let pcm24 = 48_000
    private static let g711 = 8_000

    /// The rate of the format in two fields; nil when none is named.
    static func read(_ format: Int, rate: Int?, _ event: borrowing EventReader) -> Int? {
        for name in ["g711_ulaw", "g711_alaw", "audio/pcmu", "audio/pcma"] as [StaticString]
        where event.equals(format, name) {
            return g711
        }
        for name in ["pcm16", "audio/pcm"] as [StaticString] where event.equals(format, name) {
            let samples = rate.flatMap { event.int($0) } ?? 24_000
            return (1...1_000_000).contains(samples) ? samples * 2 : pcm24
        }
        return nil
    }
}
