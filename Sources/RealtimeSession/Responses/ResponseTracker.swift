internal import EventJSON

/// The responses of a session: the running ones and the most recent finished ones.
struct ResponseTracker: Sendable {
    /// How many finished responses are kept, for items that are truncated during playback.
    static let doneLimit = 128
    /// How many responses are kept in total.
    static let limit = 1024

    /// The responses in the order in which they were first seen. Never nil; optional so that the subscript can yield an
    /// element in place.
    private var records: [ResponseRecord?] = []
    /// The keys of ``records``, in the same order.
    private var keys: [IDKey] = []
    private var doneCount = 0
    /// The most recent unfinished response, to which events without a response id belong.
    private(set) var current: IDKey?
    /// Whether any response has named its conversation. Only then does a null conversation mean out of band.
    var namesConversations = false
    /// The metadata of out-of-band responses that the client requested and that have not begun.
    private var outOfBandRequests: [JSONValue] = []
    /// The byte rate of the assistant's audio, per second, for responses that do not state their own byte rate.
    var audioRate = AudioRate.pcm24

    subscript(key: IDKey) -> ResponseRecord? {
        get { index(of: key).flatMap { records[$0] } }
        _modify {
            if let index = index(of: key) {
                yield &records[index]
            } else {
                var nothing: ResponseRecord?
                yield &nothing
            }
        }
    }

    /// Searches from the end, because the last response is asked for nearly always.
    private func index(of key: IDKey) -> Int? { keys.lastIndex(of: key) }

    /// The response that a field names, added when unknown. If the field is absent, the current response.
    mutating func open(_ field: Int, _ event: borrowing EventReader, turn: Int) -> IDKey? {
        guard let key = event.key(field) else { return current }
        open(key, turn: turn, at: nil) { event.string(field) ?? "" }
        return key
    }

    /// Adds a response, unless it is known.
    mutating func open(_ key: IDKey, turn: Int, at: Double?, id: () -> String) {
        guard index(of: key) == nil else { return }
        records.append(ResponseRecord(id: id(), key: key, turn: turn, at: at))
        keys.append(key)
        current = key
        if keys.count > Self.limit { forget(records.firstIndex { $0?.isDone ?? true } ?? 0) }
    }

    /// Records that a response is done.
    mutating func close(_ key: IDKey) {
        if current == key { current = nil }
        doneCount += 1
        guard doneCount > Self.doneLimit, let oldest = records.firstIndex(where: { $0?.isDone ?? true }) else { return }
        forget(oldest)
    }

    /// Records that no more events arrive for the current response.
    mutating func clearCurrent() { current = nil }

    /// Records that a response is out of band, so that events without a response id no longer belong to it while
    /// another response runs.
    mutating func markOutOfBand(_ key: IDKey) {
        guard current == key else { return }
        current = records.last { $0?.isDone == false && $0?.isOutOfBand == false }?.map(\.key) ?? key
    }

    /// Records that the client requested an out-of-band response. Only its metadata can identify the response when it
    /// begins, so a request without metadata is ignored.
    mutating func requestOutOfBand(_ metadata: JSONValue?) {
        guard let metadata else { return }
        if outOfBandRequests.count == Self.requestLimit { outOfBandRequests.removeFirst() }
        outOfBandRequests.append(metadata)
    }

    /// Whether a response with this metadata and without a conversation is one that the client requested out of band.
    /// Removes the request.
    mutating func takeOutOfBandRequest(_ metadata: JSONValue?) -> Bool {
        guard !outOfBandRequests.isEmpty, let metadata, let index = outOfBandRequests.firstIndex(of: metadata) else {
            return false
        }
        outOfBandRequests.remove(at: index)
        return true
    }

    private static let requestLimit = 64

    /// The responses with a null conversation, in the order in which they were first seen.
    var nullConversationKeys: [IDKey] { records.compactMap { $0?.hasNullConversation == true ? $0?.key : nil } }

    /// How many responses are kept.
    var count: Int { keys.count }

    /// The responses whose interruption is not emitted yet, in the order in which they were first seen.
    var interrupted: [IDKey] { records.compactMap { $0?.interruption == nil ? nil : $0?.key } }

    private mutating func forget(_ index: Int) {
        let key = keys.remove(at: index)
        if records.remove(at: index)?.isDone == true { doneCount -= 1 }
        if current == key { current = nil }
    }
}

/// The byte rates of the audio formats that sessions and responses name.
enum AudioRate {
    /// 24 kHz, 16 bits, mono: the protocol's default.
    static let pcm24 = 48_000
    private static let g711 = 8_000

    /// Reads the byte rate from a format field and an optional sample rate field; nil if no known format is named.
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
