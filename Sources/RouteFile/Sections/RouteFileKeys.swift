import ConfigSource
import EventPatterns
import EventRouter

// The keys of a routes.yml. The reader, its check for unknown keys, and the JSON Schema use these declarations.

/// The keys of the file, in the order of the documentation.
enum FileKeys {
    static let version = SectionKey.node("version", .int(1...1), "The version of the file format: 1.").required(
        "write `version: 1` as its first line")
    static let lists = SectionKey.entries(
        "lists", of: .named(FormName.list),
        "Named lists of values that patterns can share: `[{list: NAME}]` in a `match`.")
    static let sources = SectionKey.entries(
        "sources", of: .named(FormName.source), atLeast: 1,
        "The sources of sessions for `realtime-router run` without SESSION: a name of your choice, the type, and that type's options. All sources run at the same time."
    )
    static let session = SectionKey.node(
        "session", .mapping(of: .anything),
        "The configuration of sessions that the router opens itself: `model`, `instructions`, `audio` and all other fields of the API's `session.update`. The router adds the functions of handlers with `announce: true`."
    )
    static let handlers = SectionKey.entries(
        "handlers", of: .named(FormName.handler),
        "The handlers of events: a name of your choice, the type, and that type's options.")
    static let routes = SectionKey.list(
        "routes", of: .section(RouteKeys.form),
        "The rules that send events to handlers. All routes that match an event fire, in this order."
    ).required("write `routes: [{name: all, to: HANDLER}]`")
    static let unmatched = SectionKey.node(
        "unmatched", .either([.choice(["ignore"]), .section(UnmatchedKeys.form)]),
        "What to do with events that no route takes: `ignore`, or `{to: HANDLER}`. They are counted in both cases.")
    static let deadLetters = SectionKey.section(
        "dead_letters", DeadLetterKeys.form,
        "The file for lines that could not be read and deliveries that failed, with the reason.")
    static let privacy = SectionKey.section(
        "privacy", PrivacyKeys.form,
        "What to redact from everything that is written, and how long to keep records. Routes match the unredacted events."
    )
    static let tests = SectionKey.list(
        "tests", of: .section(TestKeys.form), "Tests of the routes, run by `realtime-router test`.")
    static let maxEventBytes = SectionKey.byteSize(
        "max_event_bytes", in: 1024...1 << 30, "The maximum length of an event's line. A longer line is not an event."
    ).defaulting(to: 16 << 20)
    static let transcriptTimeout = SectionKey.duration(
        "transcript_timeout", in: .zero ... .seconds(3600),
        "How long an utterance without words delays the utterances after it, in event time."
    ).defaulting(to: .seconds(10)).formerly("utterance_hold")
    static let stalledAfter = SectionKey.duration(
        "stalled_after", in: .milliseconds(100) ... .seconds(3600),
        "How long after the user's speech or a function call the router waits for an event before it emits `router.turn.stalled`."
    ).defaulting(to: .seconds(10))
    static let idleAfter = SectionKey.durationOrList(
        "idle_after", in: .seconds(1) ... .seconds(24 * 3600),
        "How long the user may be silent before the router emits `router.user.idle`. A list has ascending steps: `[30s, 60s]`."
    ).defaulting(to: .seconds(30))
    static let sessionLifetime = SectionKey.duration(
        "session_lifetime", in: .seconds(60) ... .seconds(7 * 24 * 3600),
        "The maximum duration of a session at the server."
    ).defaulting(to: .seconds(3600))
    static let expiryNotice = SectionKey.duration(
        "expiry_notice", in: .zero ... .seconds(24 * 3600),
        "How long before the end of a session's lifetime the router emits `router.session.expiring`."
    ).defaulting(to: .seconds(300)).formerly("expiring_before")

    static let shutdownTimeout = SectionKey.duration(
        "shutdown_timeout", in: .zero ... .seconds(24 * 3600),
        "How long running work may take after the program was asked to end. By default 10s; 60m for a proxy, whose sessions continue meanwhile."
    )

    static let form = SectionForm([
        version, lists, sources, session, handlers, routes, unmatched, deadLetters, privacy, tests, maxEventBytes,
        transcriptTimeout, stalledAfter, idleAfter, sessionLifetime, expiryNotice, shutdownTimeout,
    ]) { MisplacedKeys.ofFile($0) }
}

/// The keys that both handlers and sources have.
enum TypedKeys {
    static let type = "type"
}

/// The keys that every source has, in addition to its type's keys.
enum SourceKeys {
    static let type = SectionKey.string(TypedKeys.type, "The source type. It determines the other options.")
        .required()
    static let labels = SectionKey.entries(
        "labels", of: .string, "The labels of the source's sessions, by name, like `--label` of a run.")
    static let sessionIdle = SectionKey.duration(
        "session_idle", in: .seconds(1) ... .seconds(7 * 24 * 3600),
        "End a session if no event arrives for this long. Only for live sources; by default, there is no limit.")

    static let maxDuration = SectionKey.duration(
        "max_duration", in: .seconds(1) ... .seconds(7 * 24 * 3600),
        "The maximum duration of a session. The router emits `router.session.limit` 30 s earlier. Only for live sources; by default, there is no limit."
    )
    static let maxCost = SectionKey.node(
        "max_cost", .number,
        "The maximum cost of a session in dollars, by the `prices` of a handler of type `metrics`. The router emits `router.session.limit` at 90 % of it. Only for live sources; by default, there is no limit."
    )

    static let record = SectionKey.section(
        "record", RecordKeys.form,
        "Records both directions of the source's sessions, one file `KEY.jsonl` per session, which `run`, `test` and `report` can read. Only for live sources."
    )

    static let form = SectionForm([type, labels, sessionIdle, maxDuration, maxCost, record])
    /// The keys that only live sources can have.
    static let live = [sessionIdle.name, maxDuration.name, maxCost.name, record.name]
}

/// The keys of a source's `record`.
enum RecordKeys {
    static let folder = SectionKey.string(
        "folder", "The folder for the recordings. It is created if it does not exist."
    )
    .required("write `record: {folder: recordings}`")
    static let audio = SectionKey.bool("audio", "Whether to record the audio itself, not only its duration.")
        .defaulting(to: false)
    static let maxSize = SectionKey.byteSize(
        "max_size", in: 64 << 10...1 << 40,
        "The maximum size of a session's recording. A full recording ends with a line that says so, and the session continues. By default, there is no limit."
    )
    static let keep = SectionKey.duration(
        "keep", in: PrivacyKeys.keepRange,
        "How long to keep recordings. Older ones are removed when the source starts, and then every hour. By default, `keep` of `privacy`."
    )

    static let form = SectionForm([folder, audio, maxSize, keep])
}

/// The keys that every handler has, in addition to its type's keys.
enum HandlerKeys {
    static let type = SectionKey.string(TypedKeys.type, "The handler type. It determines the other options.")
        .required()
    static let onFull = SectionKey<QueuePolicy.OnFull?>.choice(
        "on_full",
        "What to do when the handler's queue is full: let the session wait, drop the oldest delivery, or drop the newest. "
            + "By default, a recording waits, a live session drops the oldest, and a function call gets the error `busy`."
    )
    static let queueCapacity = SectionKey.int(
        "queue_capacity", in: 1...1_000_000, "The maximum number of queued deliveries per session."
    ).defaulting(to: QueuePolicy().capacity)
    static let queueBytes = SectionKey.byteSize(
        "queue_bytes", in: 1024...1 << 40,
        "The maximum total size of queued events per session. A larger event is queued alone."
    ).defaulting(to: QueuePolicy().bytes)
    static let sharedQueueCapacity = SectionKey.int(
        "shared_queue_capacity", in: 1...100_000_000,
        "The maximum number of queued deliveries of all sessions together; at least `queue_capacity`."
    ).defaulting(to: QueuePolicy().sharedCapacity)
    static let sharedQueueBytes = SectionKey.byteSize(
        "shared_queue_bytes", in: 1024...1 << 40,
        "The maximum total size of queued events of all sessions together; at least `queue_bytes`."
    ).defaulting(to: QueuePolicy().sharedBytes)
    static let timeout = SectionKey.duration(
        "handler_timeout", in: .milliseconds(1) ... .seconds(24 * 3600),
        "The timeout of a delivery. A delivery that takes longer is cancelled and fails. By default, there is no timeout."
    )
    static let retry = SectionKey.section(
        "retry", RetryKeys.form, "How often to try a failed delivery before it becomes a dead letter.")

    static let form = SectionForm([
        type, onFull, queueCapacity, queueBytes, sharedQueueCapacity, sharedQueueBytes, timeout, retry,
    ])
}

/// The keys of `retry`.
enum RetryKeys {
    static let attempts = SectionKey.int("attempts", in: 1...100, "The total number of attempts; 1 means no retry.")
        .required("write `retry: {attempts: 3}`")
    static let backoff = SectionKey.duration(
        "backoff", in: .zero ... .seconds(3600),
        "The wait before the second attempt. It doubles before each further attempt, up to 30 s."
    ).defaulting(to: RetryPolicy.once.backoff)

    static let form = SectionForm([attempts, backoff])
}

/// The keys of a route.
enum RouteKeys {
    static let name = SectionKey.node("name", .name, "The route's name; unique in the file.").required()
    static let match = SectionKey.node(
        "match", .named(FormName.match),
        "The pattern that an event must match. Without it, the route takes the events that its handlers are made for.")
    static let to = SectionKey.stringOrList(
        "to", "The handlers that get the event. A route with `stop: true` and without `to` drops the event.")
    static let stop = SectionKey.bool("stop", "Whether an event that this route takes skips the later routes.")
        .defaulting(to: false)
    static let oncePer = SectionKey.node(
        "once_per", .either([.choice(["session", "turn"]), .section(OncePerKeys.form)]),
        "Fires only once per session, per turn, per value of a field, or in a span of time.")
    static let when = SectionKey.section(
        "when", WhenKeys.form, "The hours and days during which the route may fire, by the wall clock.")
    static let retry = SectionKey.section(
        "retry", RetryKeys.form,
        "The retry policy of this route's deliveries, if it allows more attempts than the handler's `retry`.")

    static let form = SectionForm([name, match, to, stop, oncePer, when, retry], anyOf: ["to", "stop"]) {
        MisplacedKeys.ofRoute($0)
    }
}

/// The keys of `when`.
enum WhenKeys {
    static let between = SectionKey.stringOrList(
        "between",
        "One or several time ranges: `08:00-18:00`, or `22:00-06:00` past midnight. Without it, the whole day.")
    static let days = SectionKey.node(
        "days", .either([.choice(dayNames), .list(of: .choice(dayNames), atLeast: 1)]),
        "Days of the week. A range past midnight belongs to the day on which it begins. Without it, every day.")
    static let timezone = SectionKey.string(
        "timezone", "The time zone of the hours and days: `Europe/Lisbon`, `America/New_York`, `UTC`."
    ).required("write `timezone: Europe/Lisbon`, or `UTC`")

    private static let dayNames = RouteSchedule.Weekday.allCases.map(\.rawValue)

    static let form = SectionForm([between, days, timezone], anyOf: ["between", "days"])
}

/// The keys of `once_per`.
enum OncePerKeys {
    static let every = SectionKey.duration(
        "every", in: .milliseconds(1) ... .seconds(366 * 24 * 3600),
        "Fires at most once in this time, over all sessions of the process.")
    static let field = SectionKey.stringOrList(
        "field",
        "The field or its path: `item_id`, `response.id`, `[response, id]`; or a label: `labels.tenant`."
    )

    static let form = SectionForm([every, field], anyOf: ["every", "field"])
}

/// The keys of `unmatched`.
enum UnmatchedKeys {
    static let to = SectionKey.string("to", "The handler that gets the event.").required(
        "write `unmatched: {to: HANDLER}`")

    static let form = SectionForm([to])
}

/// The keys of `dead_letters`.
enum DeadLetterKeys {
    static let path = SectionKey.string("path", "The file to which dead letters are appended; `-` is standard output.")
        .required()

    static let form = SectionForm([path])
}

/// The keys of `privacy`.
enum PrivacyKeys {
    static let redact = SectionKey.list(
        "redact", of: .section(RedactionKeys.form), atLeast: 1,
        "What to replace by `***` in transcripts, arguments, dead letters, journals and reports, and in the events that other handlers get."
    )
    static let keepRange: ClosedRange<Duration> = .seconds(3600) ... .seconds(315_360_000)
    static let keep = SectionKey.duration(
        "keep", in: keepRange,
        "How long to keep records. When it starts, the router removes older records, and files that were not written to for this long."
    )

    static let form = SectionForm([redact, keep])
}

/// The keys of one entry of `redact`.
enum RedactionKeys {
    static let kinds = SecretKind.allCases.map(\.rawValue)
    static let kind = SectionKey.node(
        "kind", .either([.choice(kinds), .list(of: .choice(kinds), atLeast: 1)]),
        "A common kind of secret: `card` (13 to 19 digits with a valid check digit), `email`, `phone` or `iban`. Digits may be grouped in any way; `card` and `phone` also find numbers in English words."
    )
    static let regexp = SectionKey.stringOrList(
        "regexp", "Redacts matches of the expression (RFC 9485) anywhere in a text: `[0-9]{4}( ?[0-9]{4}){3}`.")
    static let phrase = SectionKey.stringOrList(
        "phrase", "Redacts these words where they follow each other in a text: `my pin is`.")
    static let field = SectionKey.stringOrList(
        "field", "Redacts the value of every field with this name: an argument of a function, or a field of its output."
    )

    static let form = SectionForm(
        [kind, regexp, phrase, field], alternatives: ["kind", "regexp", "phrase", "field"])
}

/// The keys of a test.
enum TestKeys {
    /// The keys for events that are written in the test itself.
    static let events: [KeyForm] = [
        KeyForm(
            "event", .mapping(of: .anything),
            "One event of the server or the client, or a derived event. Routes of events derived from it do not count."
        )
        .only(with: ["routes", "handlers", "unmatched"]),
        KeyForm(
            "events", .list(of: .mapping(of: .anything), atLeast: 1),
            "The events of a short session. Events derived from them count too."
        ).only(with: ["routes", "handlers", "unmatched"]),
    ]
    static let labels = SectionKey.entries(
        "labels", of: .string, "The labels of the session, by name, like `--label` of a run.")
    static let started = SectionKey.string(
        "started", "The start time of the session, for routes with `when`: `2026-01-31T22:00:00Z`.")
    /// The keys for the input of a test. A test has exactly one of them.
    static let subjects =
        events + [
            KeyForm(
                "session", .either([.string, .list(of: .string, atLeast: 1)]),
                "The file of a recorded session. For `assert`, also a list of files, folders, and patterns with `*`, `?` and `[…]`."
            ).only(with: ["expect", "assert"])
        ]
    /// The keys for the expectations of a test of events.
    static let outcomes: [KeyForm] = [
        KeyForm("routes", .list(of: .string), "The routes that must fire: exactly these, in order."),
        KeyForm("handlers", .list(of: .string), "The handlers that must get the event: exactly these, in order."),
        KeyForm("unmatched", .bool, "Whether no route must take the event."),
    ].map { $0.only(with: ["event", "events"]) }
    static let expect = SectionKey.string(
        "expect",
        "The file with the expected routes and handlers of the session's events. `realtime-router test --update` writes it."
    ).only(with: "session")
    static let assert = SectionKey.list(
        "assert", of: AssertionKeys.form, atLeast: 1,
        "The conditions that each session must meet. Without `session`, they apply to the sessions of `realtime-router test --session`."
    )

    static let form = SectionForm(
        [KeyForm("name", .name, "The test's name; unique in the file.").required] + subjects + [labels, started]
            + outcomes
            + [expect, assert],
        alternatives: subjects.map(\.name), standIns: ["session": "assert"])
}

extension KeyForm {
    fileprivate var required: KeyForm {
        var form = self
        form.isRequired = true
        return form
    }

    fileprivate func only(with companions: [String]) -> KeyForm {
        var form = self
        form.companions = companions
        return form
    }
}

/// The names of forms that other files define.
enum FormName {
    static let list = "list"
    static let handler = "handler"
    static let source = "source"
    static let pattern = "pattern"
    /// A pattern that may have `direction`.
    static let match = "match"
}

/// The keys of the assertions under `assert`.
enum AssertionKeys {
    static let exactly = SectionKey.int("exactly", in: 0...1_000_000, "The exact number.")
    static let atLeast = SectionKey.int("at_least", in: 1...1_000_000, "The minimum number.")
    static let atMost = SectionKey.int("at_most", in: 0...1_000_000, "The maximum number.")
    private static let numbers: [any DeclaredKey] = [exactly, atLeast, atMost]
    /// The keys for the allowed number of calls or events. `call` and `event` need at least one of them.
    static let numberNames = numbers.map(\.form.name)

    static let call = SectionKey.node(
        "call", .name, "The function whose complete calls in the session are counted."
    ).required()
    static let event = events("event", "The pattern whose matching events are counted.")
    static let never = events("never", "The pattern that no event may match.")
    static let before = SectionKey.node(
        "before", .tuple([pattern, pattern]),
        "Two patterns. Each event that matches the second must follow an event that matches the first."
    ).required()
    static let within = SectionKey.duration(
        "within", in: .milliseconds(1) ... .seconds(24 * 3600),
        "The maximum time between an event of `of` and the event of `comes`, in event time."
    ).required()
    static let of = events("of", "The events that must be followed by an event of `comes`.")
    static let comes = events("comes", "The events of which one must follow each event of `of`.")

    /// The kinds of assertions, by the key that identifies the kind.
    static let forms: [(key: String, form: SectionForm)] = [
        (call.name, SectionForm([call] + numbers, anyOf: numberNames)),
        (event.name, SectionForm([event] + numbers, anyOf: numberNames)),
        (never.name, SectionForm([never])),
        (before.name, SectionForm([before])),
        (within.name, SectionForm([within, of, comes])),
    ]

    /// An assertion of any kind.
    static let form = ValueForm.either(forms.map { .section($0.form) })

    private static let pattern = ValueForm.named(FormName.match)

    private static func events(_ name: String, _ summary: String) -> SectionKey<Node?> {
        SectionKey.node(name, pattern, summary).required("write `\(name): {type: response.done}`")
    }
}
