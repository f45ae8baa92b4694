import Synchronization

/// The values for which routes with `once_per` have fired, in one session.
struct FiredRoutes {
    private var fired: [Int: RecentValues<Bool>] = [:]

    /// Moves the state of each route to the route's new index.
    ///
    /// - Parameter numbers: The new index of each route; nil for a route that was removed.
    mutating func renumber(_ numbers: [Int?]) {
        fired = fired.reduce(into: [:]) { fired, route in
            if let number = numbers[route.key] { fired[number] = route.value }
        }
    }

    /// Returns whether a route may fire for a value; if so, notes that it fired.
    mutating func mayFire(_ route: Int, for value: Int) -> Bool {
        if fired[route]?.value(of: value) != nil { return false }
        fired[route, default: RecentValues()].set(true, for: value)
        return true
    }
}

/// The times at which routes with `once_per: { every: … }` last fired, over all sessions of a router.
final class RouteIntervals: Sendable {
    /// The origin of a time. Times of different scales cannot be compared, so each scale has its own intervals.
    enum Scale: Hashable, Sendable {
        /// The router's clock.
        case clock
        /// 1970, for recordings whose start is known.
        case wall
        /// The start of the recording in a run.
        case recording(run: Int)
    }

    private struct Key: Hashable {
        var route: String
        var scale: Scale
    }

    private let times = Mutex<[Key: RecentValues<Double>]>([:])

    /// Returns whether a route may fire for a value; if so, notes that it fired.
    ///
    /// - Parameters:
    ///   - route: The route's name.
    ///   - value: The hash of the value of the route's `once_per` field.
    ///   - interval: The least time between two firings, in seconds.
    ///   - time: The time of the event, in seconds. Recordings may run in any order, so earlier and later firings count
    ///     alike.
    ///   - scale: The origin of the time.
    func mayFire(_ route: String, for value: Int, every interval: Double, at time: Double, on scale: Scale) -> Bool {
        times.withLock { times in
            let key = Key(route: route, scale: scale)
            if let last = times[key]?.value(of: value), abs(time - last) < interval { return false }
            times[key, default: RecentValues()].set(time, for: value)
            return true
        }
    }

    /// Removes the firings of a run whose times cannot be compared with those of other runs.
    func forget(run: Int) {
        times.withLock { times in times = times.filter { $0.key.scale != .recording(run: run) } }
    }
}

/// Values by hash. Only recent values are kept, so that memory is bounded however long a session or a process lasts.
struct RecentValues<Value: Sendable>: Sendable {
    /// The largest number of values that are kept.
    static var capacity: Int { 65_536 }

    private var current: [Int: Value] = [:]
    private var previous: [Int: Value] = [:]

    /// The value of a hash; nil if it was never set, or was displaced by many later values.
    func value(of hash: Int) -> Value? { current[hash] ?? previous[hash] }

    /// Sets the value of a hash. Approximates removal by age with two generations: when the current one is full, it
    /// replaces the previous one.
    mutating func set(_ value: Value, for hash: Int) {
        if current.count >= Self.capacity / 2 {
            previous = current
            current = [:]
        }
        current[hash] = value
    }
}
