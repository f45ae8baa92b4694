import Synchronization

/// Which `once_per` routes have fired for what, in one session.
struct FiredRoutes {
    private var fired: [Int: RecentValues<Bool>] = [:]

    /// Keeps what it knows under other numbers.
    ///
    /// - Parameter numbers: the new number of each route; nil for one that there is no longer.
    mutating func renumber(_ numbers: [Int?]) {
        fired = fired.reduce(into: [:]) { fired, route in
            if let number = numbers[route.key] { fired[number] = route.value }
        }
    }

    /// Whether the route may fire for this value; if so, that is noted.
    mutating func mayFire(_ route: Int, for value: Int) -> Bool {
        if fired[route]?.value(of: value) != nil { return false }
        fired[route, default: RecentValues()].set(true, for: value)
        return true
    }
}

/// When routes with `once_per: { every: … }` fired last, in all sessions of a router.
final class RouteIntervals: Sendable {
    /// What a time counts from. Times of different scales cannot be compared, so each scale has intervals of its own.
    enum Scale: Hashable, Sendable {
        /// The router's clock.
        case clock
        /// 1970, for recordings that say when they began.
        case wall
        /// The beginning of the recording that a run routes.
        case recording(run: Int)
    }

    private struct Key: Hashable {
        var route: String
        var scale: Scale
    }

    private let times = Mutex<[Key: RecentValues<Double>]>([:])

    /// Whether a route may fire for a value; if so, that is noted.
    ///
    /// - Parameters:
    ///   - route: The route's name.
    ///   - value: The hash of what the route counts by.
    ///   - interval: The least time between two firings, in seconds.
    ///   - time: The time of the event, in seconds. Recordings may come in any order: what lies so long before counts like what
    ///     lies so long after.
    ///   - scale: What the time counts from.
    func mayFire(_ route: String, for value: Int, every interval: Double, at time: Double, on scale: Scale) -> Bool {
        times.withLock { times in
            let key = Key(route: route, scale: scale)
            if let last = times[key]?.value(of: value), abs(time - last) < interval { return false }
            times[key, default: RecentValues()].set(time, for: value)
            return true
        }
    }

    /// Removes what was noted of a run whose times no other run can be compared with.
    func forget(run: Int) {
        times.withLock { times in times = times.filter { $0.key.scale != .recording(run: run) } }
    }
}

/// Values by hash, of which only recent ones are kept, so that memory stays bounded however long a session or a process lasts.
struct RecentValues<Value: Sendable>: Sendable {
    /// The most values that are kept.
    static var capacity: Int { 65_536 }

    private var current: [Int: Value] = [:]
    private var previous: [Int: Value] = [:]

    /// The value of a hash; nil if there never was one, or if many others came since.
    func value(of hash: Int) -> Value? { current[hash] ?? previous[hash] }

    /// Sets the value of a hash. Two generations stand in for an order: a full one becomes the old one, and the old one is removed.
    mutating func set(_ value: Value, for hash: Int) {
        if current.count >= Self.capacity / 2 {
            previous = current
            current = [:]
        }
        current[hash] = value
    }
}
