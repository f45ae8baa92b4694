public import EventRouter
public import RealtimeEvents
import Synchronization

/// A thread-safe list. A test can wait until it has a number of elements.
public final class Collected<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    private let counter = AsyncCounter()

    /// Creates an empty list.
    public init() {}

    /// The elements, in the order in which they were appended.
    public var elements: [Element] { list.withLock { $0 } }

    /// Appends an element.
    public func append(_ element: Element) {
        list.withLock { list in
            list.append(element)
            counter.set(list.count)
        }
    }

    /// Waits until there are at least `count` elements.
    ///
    /// - Returns: the elements; fewer than `count` only if the task is cancelled.
    public func wait(for count: Int) async -> [Element] {
        await counter.wait(for: count)
        return elements
    }
}

/// An `EventHandler` that collects its deliveries.
public struct MemoryHandler: EventHandler {
    /// The deliveries, in order.
    public let deliveries = Collected<EventDelivery>()
    /// The event types that a route without `match` sends to the handler; empty for all.
    public let interests: [EventType]

    /// Creates a handler.
    public init(interests: [EventType] = []) {
        self.interests = interests
    }

    /// Appends the delivery.
    public func handle(_ delivery: EventDelivery) async throws {
        deliveries.append(delivery)
    }
}

/// A `TranscriptSink` that collects its utterances.
public struct MemoryTranscript: TranscriptSink {
    /// The utterances, in order.
    public let utterances = Collected<Utterance>()

    /// Creates a sink.
    public init() {}

    /// Appends the utterance.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        utterances.append(utterance)
    }
}

/// A `MetricsSink` that collects its measurements.
public struct MemoryMetrics: MetricsSink {
    /// The measurements, in order.
    public let measurements = Collected<Measurement>()

    /// Creates a sink.
    public init() {}

    /// Appends the measurement.
    public func record(_ measurement: Measurement) { measurements.append(measurement) }
}

/// An `OutboundSink` that collects the client events instead of sending them.
public struct MemoryOutbound: OutboundSink {
    /// The client events, in order.
    public let events = Collected<ClientEvent>()

    /// Creates a sink.
    public init() {}

    /// Appends the event.
    public func send(_ event: ClientEvent) async throws { events.append(event) }
}

/// A `DeadLetterSink` that collects its dead letters.
public struct MemoryDeadLetters: DeadLetterSink {
    /// The dead letters, in order.
    public let letters = Collected<DeadLetter>()

    /// Creates a sink.
    public init() {}

    /// Appends the dead letter.
    public func record(_ letter: DeadLetter) { letters.append(letter) }
}
