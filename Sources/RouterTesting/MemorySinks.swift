public import EventRouter
public import RealtimeEvents
import Synchronization

/// A list that many threads append to and that a test can wait for.
public final class Collected<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    private let watch = CountWatch()

    /// Makes an empty list.
    public init() {}

    /// What was collected, in order.
    public var elements: [Element] { list.withLock { $0 } }

    /// Adds one.
    public func append(_ element: Element) {
        list.withLock { list in
            list.append(element)
            watch.set(list.count)
        }
    }

    /// Waits until there are at least `count`, and gives what is there then; fewer only when the task is cancelled.
    public func wait(for count: Int) async -> [Element] {
        await watch.wait(for: count)
        return elements
    }
}

/// An `EventHandler` that keeps what it gets.
public struct MemoryHandler: EventHandler {
    /// What the handler got, in order.
    public let deliveries = Collected<EventDelivery>()
    /// The types that the handler is made for.
    public let interests: [EventType]

    /// Makes a handler.
    public init(interests: [EventType] = []) {
        self.interests = interests
    }

    /// Keeps the delivery.
    public func handle(_ delivery: EventDelivery) async throws {
        deliveries.append(delivery)
    }
}

/// A `TranscriptSink` that keeps what it gets.
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

/// A `MetricsSink` that keeps what it gets.
public struct MemoryMetrics: MetricsSink {
    /// The measurements, in order.
    public let measurements = Collected<Measurement>()

    /// Makes a sink.
    public init() {}

    /// Keeps the measurement.
    public func record(_ measurement: Measurement) { measurements.append(measurement) }
}

/// An `OutboundSink` that keeps what would go to the model.
public struct MemoryOutbound: OutboundSink {
    /// The client events, in order.
    public let events = Collected<ClientEvent>()

    /// Makes a sink.
    public init() {}

    /// Keeps the event.
    public func send(_ event: ClientEvent) async throws { events.append(event) }
}

/// A `DeadLetterSink` that keeps what it gets.
public struct MemoryDeadLetters: DeadLetterSink {
    /// The letters, in order.
    public let letters = Collected<DeadLetter>()

    /// Makes a sink.
    public init() {}

    /// Keeps the letter.
    public func record(_ letter: DeadLetter) { letters.append(letter) }
}
