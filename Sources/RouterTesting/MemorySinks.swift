public import EventRouter
public import RealtimeEvents
import Synchronization

/// A list that many threads append to and that a test can wait for.
public final class Collected<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    private let watch = CountWatch()

    /// Makes an empty list.
    public init() {}

    /// The elements, in the order in which they were added.
    public var elements: [Element] { list.withLock { $0 } }

    /// Adds an element.
    public func append(_ element: Element) {
        list.withLock { list in
            list.append(element)
            watch.set(list.count)
        }
    }

    /// Waits until there are at least `count` elements and returns all of them; returns fewer only if the task is cancelled.
    public func wait(for count: Int) async -> [Element] {
        await watch.wait(for: count)
        return elements
    }
}

/// A handler that keeps its deliveries.
public struct MemoryHandler: EventHandler {
    /// The deliveries, in order.
    public let deliveries = Collected<EventDelivery>()
    /// The types that a route without `type` sends to the handler; empty for all types.
    public let interests: [EventType]

    /// Makes a handler without deliveries.
    public init(interests: [EventType] = []) {
        self.interests = interests
    }

    /// Keeps the delivery.
    public func handle(_ delivery: EventDelivery) async throws {
        deliveries.append(delivery)
    }
}

/// A transcript sink that keeps its utterances.
public struct MemoryTranscript: TranscriptSink {
    /// The utterances, in order.
    public let utterances = Collected<Utterance>()

    /// Makes a sink.
    public init() {}

    /// Keeps the utterance.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        utterances.append(utterance)
    }
}

/// A metrics sink that keeps its measurements.
public struct MemoryMetrics: MetricsSink {
    /// The measurements, in order.
    public let measurements = Collected<Measurement>()

    /// Makes a sink.
    public init() {}

    /// Keeps the measurement.
    public func record(_ measurement: Measurement) { measurements.append(measurement) }
}

/// An outbound sink that keeps the client events that the router would send to the server.
public struct MemoryOutbound: OutboundSink {
    /// The client events, in order.
    public let events = Collected<ClientEvent>()

    /// Makes a sink.
    public init() {}

    /// Keeps the event.
    public func send(_ event: ClientEvent) async throws { events.append(event) }
}

/// A sink that keeps the dead letters.
public struct MemoryDeadLetters: DeadLetterSink {
    /// The dead letters, in order.
    public let letters = Collected<DeadLetter>()

    /// Makes a sink.
    public init() {}

    /// Keeps the dead letter.
    public func record(_ letter: DeadLetter) { letters.append(letter) }
}
