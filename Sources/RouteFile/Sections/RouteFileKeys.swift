import ConfigSource
import EventPatterns
import EventRouter

// What may stand in a routes.yml. The reader, its check for unknown keys and the JSON Schema go by the same declarations.

/// The keys of the file, in the order in which people know them.
enum FileKeys {
    static let version = SectionKey.node("version", .int(1...1), "The version of this form: 1.").required(
        "write `version: 1` as its first line")
    static let lists = SectionKey.entries(
        "lists", of: .named(FormName.list), "Values that several patterns share: `[{list: NAME}]` in a `match`.")
    static let sources = SectionKey.entries(
        "sources", of: .named(FormName.source), atLeast: 1,
        "Where sessions come from when `realtime-router run` gets no SESSION: a name of your choice, the type, and that type's options. All run at the same time."
    )
    static let session = SectionKey.node(
        "session", .mapping(of: .anything),
        "How sessions are configured that the router opens itself: `model`, `instructions`, `audio` and all else that the API's `session.update` takes. The functions of handlers with `announce: true` are added."
    )
    static let handlers = SectionKey.entries(
        "handlers", of: .named(FormName.handler),
        "Who does something with an event: a name of your choice, the type, and that type's options.")
    static let routes = SectionKey.list(
        "routes", of: .section(RouteKeys.form),
        "Which events go to whom. All routes that match an event fire, in this order."
    ).required("write `routes: [{name: all, to: HANDLER}]`")
    static let unmatched = SectionKey.node(
        "unmatched", .either([.choice(["ignore"]), .section(UnmatchedKeys.form)]),
        "What becomes of events that no route took: `ignore`, or `{to: HANDLER}`. They are counted either way.")
    static let deadLetters = SectionKey.section(
        "dead_letters", DeadLetterKeys.form, "What could not be read or delivered, with the reason.")
    static let privacy = SectionKey.section(
        "privacy", PrivacyKeys.form,
        "What is taken out of everything that is written, and how long it is kept. Rules match before that.")
    static let tests = SectionKey.list(
        "tests", of: .section(TestKeys.form), "What you rely on, checked by `realtime-router test`.")
    static let maxEventBytes = SectionKey.byteSize(
        "max_event_bytes", in: 1024...1 << 30, "A longer line of a session is no event."
    ).defaulting(to: 16 << 20)
    static let utteranceHold = SectionKey.duration(
        "utterance_hold", in: .zero ... .seconds(3600),
        "How long an utterance whose words are missing holds back those behind it, in the time of the events."
    ).defaulting(to: .seconds(10))
    static let stalledAfter = SectionKey.duration(
        "stalled_after", in: .milliseconds(100) ... .seconds(3600),
        "How long nothing may come after the user spoke or a function was called, before `router.turn.stalled`."
    ).defaulting(to: .seconds(10))
    static let idleAfter = SectionKey.durationOrList(
        "idle_after", in: .seconds(1) ... .seconds(24 * 3600),
        "How long a session may wait for its user, who says nothing, before `router.user.idle`; several steps ascend: `[30s, 60s]`."
    ).defaulting(to: .seconds(30))
    static let sessionLifetime = SectionKey.duration(
        "session_lifetime", in: .seconds(60) ... .seconds(7 * 24 * 3600), "How long the server lets a session live."
    ).defaulting(to: .seconds(3600))
    static let expiringBefore = SectionKey.duration(
        "expiring_before", in: .zero ... .seconds(24 * 3600),
        "How long before a session's end `router.session.expiring` tells of it."
    ).defaulting(to: .seconds(300))

    static let shutdownTimeout = SectionKey.duration(
        "shutdown_timeout", in: .zero ... .seconds(24 * 3600),
        "How long what was begun may take when the program is told to end: 10s by default, 60m for a proxy, whose sessions go on until then."
    )

    static let form = SectionForm([
        version, lists, sources, session, handlers, routes, unmatched, deadLetters, privacy, tests, maxEventBytes,
        utteranceHold, stalledAfter, idleAfter, sessionLifetime, expiringBefore, shutdownTimeout,
    ]) { MisplacedKeys.ofFile($0) }
}

/// What handlers and sources have alike.
enum TypedKeys {
    static let type = "type"
}

/// The keys that every source has, beside its type's own.
enum SourceKeys {
    static let type = SectionKey.string(TypedKeys.type, "The source type; it decides which other options there are.")
        .required()
    static let labels = SectionKey.entries(
        "labels", of: .string, "Labels of the source's sessions, by name: as `--label` gives them to a run.")
    static let sessionIdle = SectionKey.duration(
        "session_idle", in: .seconds(1) ... .seconds(7 * 24 * 3600),
        "How long nothing may come for a session before it ends; only for live sources. By default any time.")

    static let maxDuration = SectionKey.duration(
        "max_duration", in: .seconds(1) ... .seconds(7 * 24 * 3600),
        "How long a session may last; 30 s before that `router.session.limit` comes. Only for live sources; by default any time."
    )
    static let maxCost = SectionKey.node(
        "max_cost", .number,
        "What a session may cost, in dollars, by the `prices` of a handler of type `metrics`; `router.session.limit` comes at 90 % of it. Only for live sources; by default any cost."
    )

    static let record = SectionKey.section(
        "record", RecordKeys.form,
        "Records the source's sessions in both directions, each in a file `KEY.jsonl` that `run`, `test` and `report` read; only for live sources."
    )

    static let form = SectionForm([type, labels, sessionIdle, maxDuration, maxCost, record])
    /// Those that only live sources can have.
    static let live = [sessionIdle.name, maxDuration.name, maxCost.name, record.name]
}

/// The keys of a source's `record`.
enum RecordKeys {
    static let folder = SectionKey.string("folder", "The folder of the recordings; it is made if it is missing.")
        .required("write `record: {folder: recordings}`")
    static let audio = SectionKey.bool("audio", "Whether audio is recorded too, not only how long it is.")
        .defaulting(to: false)
    static let maxSize = SectionKey.byteSize(
        "max_size", in: 64 << 10...1 << 40,
        "How large a session's recording may become. A full one ends with a line that says so, and the session goes on. By default any size."
    )
    static let keep = SectionKey.duration(
        "keep", in: PrivacyKeys.keepRange,
        "How long recordings are kept: older ones are removed when the source begins and once an hour. By default as long as `keep` of `privacy` says."
    )

    static let form = SectionForm([folder, audio, maxSize, keep])
}

/// The keys that every handler has, beside its type's own.
enum HandlerKeys {
    static let type = SectionKey.string(TypedKeys.type, "The handler type; it decides which other options there are.")
        .required()
    static let onFull = SectionKey<QueuePolicy.OnFull?>.choice(
        "on_full",
        "What happens when the handler's queue is full: the session waits, or the delivery that has waited longest is dropped, or "
            + "the one that has just come. By default a recording waits, a live session drops the oldest, and a call is answered: busy."
    )
    static let queueCapacity = SectionKey.int(
        "queue_capacity", in: 1...1_000_000, "How many deliveries may wait for the handler in one session."
    ).defaulting(to: QueuePolicy().capacity)
    static let queueBytes = SectionKey.byteSize(
        "queue_bytes", in: 1024...1 << 40,
        "How large the events may be that wait for the handler in one session, together. A larger event waits alone."
    ).defaulting(to: QueuePolicy().bytes)
    static let sharedQueueCapacity = SectionKey.int(
        "shared_queue_capacity", in: 1...100_000_000,
        "How many deliveries may wait for the handler in all sessions together, at least `queue_capacity`."
    ).defaulting(to: QueuePolicy().sharedCapacity)
    static let sharedQueueBytes = SectionKey.byteSize(
        "shared_queue_bytes", in: 1024...1 << 40,
        "How large the events may be that wait for the handler in all sessions, together; at least `queue_bytes`."
    ).defaulting(to: QueuePolicy().sharedBytes)
    static let timeout = SectionKey.duration(
        "handler_timeout", in: .milliseconds(1) ... .seconds(24 * 3600),
        "How long a delivery may take; one that takes longer is cancelled and has failed. By default any time.")
    static let retry = SectionKey.section(
        "retry", RetryKeys.form, "How often a failed delivery is tried, before it becomes a dead letter.")

    static let form = SectionForm([
        type, onFull, queueCapacity, queueBytes, sharedQueueCapacity, sharedQueueBytes, timeout, retry,
    ])
}

/// The keys of `retry`.
enum RetryKeys {
    static let attempts = SectionKey.int("attempts", in: 1...100, "The number of attempts in all; 1 is no retry.")
        .required("write `retry: {attempts: 3}`")
    static let backoff = SectionKey.duration(
        "backoff", in: .zero ... .seconds(3600),
        "The wait before the second attempt; it doubles with each further one, up to 30 s."
    ).defaulting(to: RetryPolicy.once.backoff)

    static let form = SectionForm([attempts, backoff])
}

/// The keys of a route.
enum RouteKeys {
    static let name = SectionKey.node("name", .name, "The route's name, which no other has.").required()
    static let match = SectionKey.node(
        "match", .named(FormName.match),
        "What an event must look like. Without it the route takes the events that its handlers are made for.")
    static let to = SectionKey.stringOrList(
        "to", "The handlers that get the event. A route with `stop: true` may do without: it drops the event.")
    static let stop = SectionKey.bool("stop", "Whether later routes are not asked about an event that this one took.")
        .defaulting(to: false)
    static let oncePer = SectionKey.node(
        "once_per", .either([.choice(["session", "turn"]), .section(OncePerKeys.form)]),
        "Fires only once in a session, in a turn, for each value of a field, or in a span of time.")
    static let when = SectionKey.section(
        "when", WhenKeys.form, "The hours and days at which the route may fire, by the wall clock.")
    static let retry = SectionKey.section(
        "retry", RetryKeys.form, "More attempts than the handler's own `retry` gives.")

    static let form = SectionForm([name, match, to, stop, oncePer, when, retry], anyOf: ["to", "stop"]) {
        MisplacedKeys.ofRoute($0)
    }
}

/// The keys of `when`.
enum WhenKeys {
    static let between = SectionKey.stringOrList(
        "between",
        "Times of the day: `08:00-18:00`, or `22:00-06:00` past midnight; or several. Without it the whole day.")
    static let days = SectionKey.node(
        "days", .either([.choice(dayNames), .list(of: .choice(dayNames), atLeast: 1)]),
        "Days of the week; a range that passes midnight belongs to the day on which it begins. Without it every day.")
    static let timezone = SectionKey.string(
        "timezone", "Whose clocks and days count: `Europe/Lisbon`, `America/New_York`, `UTC`."
    ).required("write `timezone: Europe/Lisbon`, or `UTC`")

    private static let dayNames = RouteSchedule.Weekday.allCases.map(\.rawValue)

    static let form = SectionForm([between, days, timezone], anyOf: ["between", "days"])
}

/// The keys of `once_per`.
enum OncePerKeys {
    static let every = SectionKey.duration(
        "every", in: .milliseconds(1) ... .seconds(366 * 24 * 3600),
        "Fires at most once in this time, in all sessions of the process together.")
    static let field = SectionKey.stringOrList(
        "field",
        "The field, or the names that lead to it: `item_id`, `response.id`, `[response, id]`; or a label: `labels.tenant`."
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
    static let path = SectionKey.string("path", "The file that they are appended to; `-` is standard output.")
        .required()

    static let form = SectionForm([path])
}

/// The keys of `privacy`.
enum PrivacyKeys {
    static let redact = SectionKey.list(
        "redact", of: .section(RedactionKeys.form), atLeast: 1,
        "What is replaced by `***` in transcripts, arguments, dead letters, journals and reports, and in what other handlers get."
    )
    static let keepRange: ClosedRange<Duration> = .seconds(3600) ... .seconds(315_360_000)
    static let keep = SectionKey.duration(
        "keep", in: keepRange,
        "How long records are kept: a router that starts removes older ones, and files that nobody wrote to for so long."
    )

    static let form = SectionForm([redact, keep])
}

/// The keys of one entry of `redact`.
enum RedactionKeys {
    static let kinds = SecretKind.allCases.map(\.rawValue)
    static let kind = SectionKey.node(
        "kind", .either([.choice(kinds), .list(of: .choice(kinds), atLeast: 1)]),
        "A common kind of secret, however its digits are grouped: `card` (13 to 19 digits with their check digit), `email`, `phone` and `iban`; `card` and `phone` in English words, too."
    )
    static let regexp = SectionKey.stringOrList(
        "regexp", "What fits the expression (RFC 9485), anywhere in a text: `[0-9]{4}( ?[0-9]{4}){3}`.")
    static let phrase = SectionKey.stringOrList("phrase", "These words, as people say them: `my pin is`.")
    static let field = SectionKey.stringOrList(
        "field", "What stands under this name, wherever it does: an argument of a function, a field of its answer.")

    static let form = SectionForm(
        [kind, regexp, phrase, field], alternatives: ["kind", "regexp", "phrase", "field"])
}

/// The keys of a test.
enum TestKeys {
    /// What comes in when it stands in the test itself.
    static let events: [KeyForm] = [
        KeyForm("event", .mapping(of: .anything), "One event, of either side or derived; only its own routes count.")
            .only(with: ["routes", "handlers", "unmatched"]),
        KeyForm(
            "events", .list(of: .mapping(of: .anything), atLeast: 1),
            "A session of a few events; what is derived from them counts too."
        ).only(with: ["routes", "handlers", "unmatched"]),
    ]
    static let labels = SectionKey.entries(
        "labels", of: .string, "The labels of the session, by name: as `--label` gives them to a run.")
    static let started = SectionKey.string(
        "started", "When the session began, for the routes with `when`: `2026-01-31T22:00:00Z`.")
    /// What comes in: a test has one of these.
    static let subjects =
        events + [
            KeyForm(
                "session", .either([.string, .list(of: .string, atLeast: 1)]),
                "The file of a recorded session; for `assert` also several, folders, and patterns with `*`, `?` and `[…]`."
            ).only(with: ["expect", "assert"])
        ]
    /// What becomes of events: a test of events has some of these.
    static let outcomes: [KeyForm] = [
        KeyForm("routes", .list(of: .string), "The routes that fire: exactly these, in order."),
        KeyForm("handlers", .list(of: .string), "The handlers that get it: exactly these, in order."),
        KeyForm("unmatched", .bool, "Whether no route takes it."),
    ].map { $0.only(with: ["event", "events"]) }
    static let expect = SectionKey.string(
        "expect", "The file that says where the session's events go; `realtime-router test --update` writes it."
    ).only(with: "session")
    static let assert = SectionKey.list(
        "assert", of: AssertionKeys.form, atLeast: 1,
        "What must hold in each session; without `session` in those that `realtime-router test --session` names.")

    static let form = SectionForm(
        [KeyForm("name", .name, "The test's name, which no other has.").required] + subjects + [labels, started]
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

/// The names of forms that are put together elsewhere.
enum FormName {
    static let list = "list"
    static let handler = "handler"
    static let source = "source"
    static let pattern = "pattern"
    /// A pattern that may say whose events it is about.
    static let match = "match"
}
