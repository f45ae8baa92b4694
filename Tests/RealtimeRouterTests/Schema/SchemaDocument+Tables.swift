extension SchemaDocument {
    /// Files that are right.
    static let right: [SchemaDocument] = [
        SchemaDocument("the base", "version: 1", "version: 1"),
        SchemaDocument(
            "every common key", "type: console",
            #"type: console, on_full: drop_oldest, queue_capacity: 5, queue_bytes: 1MiB, shared_queue_capacity: 50, shared_queue_bytes: 2097152, retry: {attempts: 2, backoff: 1.5s}"#
        ),
        SchemaDocument(
            "every option of a transcript", "type: console}",
            #"type: transcript, output: "t/{session}-{date}.vtt", format: vtt, max_size: 1MiB}"#),
        SchemaDocument(
            "variables", "type: console}",
            #"type: console, output: "${OUT:-x}/c.txt", queue_capacity: "${LIMIT}", retry: {attempts: "${LIMIT}", backoff: "${WAIT}"}, on_full: "${FULL:-block}"}"#
        ),
        SchemaDocument(
            "every option of a function", "f: {command: [./f]}",
            #"f: {command: [./f, "--a={a}", "{b}", $HOME], description: d, parameters: {type: object}, timeout: 5s, max_concurrent: 2, idempotent: true, on_duplicate: join, once: {by: [cart_id], within: 24h}, stdin: call, kill_after: 250ms, max_output: 64KiB, env: [LANG], working_directory: w, error_output: stderr, output: json}, g: {swift: roll_dice, max_concurrent: 1}"#
        ),
        SchemaDocument(
            "every option of a command", "command: [./page]",
            "command: [./page], stdin: none, timeout: 1m, kill_after: 1s, env: [LANG], working_directory: w, max_concurrent: 2"
        ),
        SchemaDocument(
            "a command for several events", "command: [./page]",
            "command: [./page], stdin: events, every: 5s, max_events: 20"
        ),
        SchemaDocument(
            "every key of a route", "to: [log, tools]}",
            "to: log, stop: true, once_per: {field: [response, id]}, retry: {attempts: 2}}\n  - {name: calls, to: tools, once_per: turn}"
        ),
        SchemaDocument(
            more: "unmatched: ignore\ndead_letters: {path: d}\nmax_event_bytes: 65536\ntranscript_timeout: 0s"),
        SchemaDocument(
            more: "privacy: {redact: [{regexp: \"a+\"}, {phrase: [x, y]}, {field: b}], keep: 30d}"),
        SchemaDocument(
            more:
                "sources:\n  night: {type: file, paths: [calls, \"more/*.jsonl\"], concurrent_sessions: 2, labels: {tenant: acme}}\n  agent: {type: pipe, live: true, session_key: call-7, session_idle: 5m, record: {folder: calls, audio: true, max_size: 64MiB, keep: 30d}}\n  own: {type: ticker, whatever: 1}"
        ),
        SchemaDocument(more: "sources: {night: {type: file, paths: calls}}"),
        SchemaDocument(more: "stalled_after: 5s\nsession_lifetime: 30m\nexpiry_notice: 0s"),
        SchemaDocument(more: "unmatched: {to: out}\nmax_event_bytes: 1MiB"),
        SchemaDocument(
            more:
                "tests:\n  - {name: one, event: {type: error, a: [{b: null}]}, routes: [more], handlers: [out, page, mine], unmatched: false}\n  - {name: two, events: [{}], routes: []}\n  - {name: three, session: s.jsonl, expect: s.log}"
        ),
        SchemaDocument(
            more:
                "tests:\n  - {name: one, assert: [{call: f, exactly: 1}, {never: {direction: client, type: x}}]}\n  - {name: two, session: [a, \"b/*\"], assert: [{before: [{type: error}, {type: error}]}]}\n  - {name: three, session: s, expect: e, assert: [{within: 2s, of: {type: a}, comes: {type: b}}, {event: {type: a}, at_least: 1, at_most: 2}]}"
        ),
        SchemaDocument(match: "{type: [error, made.up, {prefix: response.}]}"),
        SchemaDocument(match: "{type: error, a: x, b: [x, 5, true, null, {exists: false}], c: {d: {e: 1}}}"),
        SchemaDocument(
            match:
                "{type: error, a: [{exactly: x}, {prefix: x}, {suffix: {equals-ignore-case: x}}, {equals-ignore-case: x}]}"
        ),
        SchemaDocument(
            match:
                #"{type: error, a: [{wildcard: "*x"}, {phrase: x}, {phrase: [x, y]}, {regexp: "a+"}, {cidr: 10.0.0.0/8}]}"#
        ),
        SchemaDocument(
            match: #"{type: error, a: [{numeric: [">", 5]}, {numeric: [">=", 0.5, "<", 10]}, {list: home}]}"#),
        SchemaDocument(
            match:
                #"{type: error, a: [{anything-but: x}], b: [{anything-but: [1, 2]}], c: [{anything-but: {prefix: [x, y]}}], d: [{anything-but: {list: home2}}]}"#
        )
        .replacing("lists: {home: [lights_on, 5]}", "lists: {home: [lights_on, 5], home2: [a, b]}"),
        SchemaDocument(match: "{$or: [{type: error}, {type: response.done, a: {$or: [{b: 1}, {c: 2}]}}]}"),
        SchemaDocument(match: "{type: error, prefix: x, a: {prefix: x, other: y}}"),
    ]

    /// Files with a mistake, each with the place where an editor would show it.
    static let wrong: [SchemaDocument] = [
        SchemaDocument(more: "sources: {}", at: ["$.sources"]),
        SchemaDocument(more: "sources: {night: {type: file}}", at: ["$.sources.night"]),
        SchemaDocument(more: "sources: {night: {type: file, paths: []}}", at: ["$.sources.night.paths"]),
        SchemaDocument(more: "sources: {in: {type: pipe, live: 1}}", at: ["$.sources.in.live"]),
        SchemaDocument(
            more: "sources: {in: {type: pipe, live: true, record: {audio: true}}}", at: ["$.sources.in.record"]),
        SchemaDocument(more: "sources: {in: {type: pipe, live: true, record: calls}}", at: ["$.sources.in.record"]),
        SchemaDocument(more: "sources: {in: {type: pipe, key: x}}", at: ["$.sources.in"]),
        SchemaDocument(more: "sources: {in: {type: transcript}}", at: ["$.sources.in.type"]),
        SchemaDocument("no version", "version: 1\n", "", at: ["$"]),
        SchemaDocument("another version", "version: 1", "version: 2", at: ["$.version"]),
        SchemaDocument("a quoted version", "version: 1", "version: \"1\"", at: ["$.version"]),
        SchemaDocument("a misspelt key", "routes:", "route:", at: ["$", "$"]),
        SchemaDocument("an empty list", "home: [lights_on, 5]", "home: []", at: ["$.lists.home"]),
        SchemaDocument("a list in a list", "home: [lights_on, 5]", "home: [[a]]", at: ["$.lists.home[0]"]),
        SchemaDocument("no handler type", "type: console", "output: x", at: ["$.handlers.out"]),
        SchemaDocument("an unknown handler type", "type: console", "type: consle", at: ["$.handlers.out.type"]),
        SchemaDocument("an unknown option", "type: console", "type: console, outptu: x", at: ["$.handlers.out"]),
        SchemaDocument(
            "a missing option", "type: transcript, output: t.jsonl", "type: transcript", at: ["$.handlers.log"]),
        SchemaDocument("an option of another kind", "output: t.jsonl", "output: 5", at: ["$.handlers.log.output"]),
        SchemaDocument(
            "a common key of a type without declared options", "type: free", "type: free, on_full: drop",
            at: ["$.handlers.mine.on_full"]),
        SchemaDocument(
            "a wrong choice", "type: console", "type: console, on_full: drop", at: ["$.handlers.out.on_full"]),
        SchemaDocument(
            "a number out of bounds", "type: console", "type: console, queue_capacity: 0",
            at: ["$.handlers.out.queue_capacity"]),
        SchemaDocument(
            "a size with an odd unit", "type: console", "type: console, shared_queue_bytes: 64KB",
            at: ["$.handlers.out.shared_queue_bytes"]),
        SchemaDocument(
            "a duration without a unit", "command: [./page]", "command: [./page], timeout: 5",
            at: ["$.handlers.page.timeout"]),
        SchemaDocument(
            "a duration with an odd unit", "command: [./page]", "command: [./page], timeout: 5 min",
            at: ["$.handlers.page.timeout"]),
        SchemaDocument(
            "retry without attempts", "type: console", "type: console, retry: {backoff: 1s}",
            at: ["$.handlers.out.retry"]),
        SchemaDocument("a command line", "command: [./page]", "command: ./page --now", at: ["$.handlers.page.command"]),
        SchemaDocument("an empty command", "command: [./page]", "command: []", at: ["$.handlers.page.command"]),
        SchemaDocument(
            "a number as a word", "command: [./page]", "command: [./page, 5]", at: ["$.handlers.page.command[1]"]),
        SchemaDocument(
            "a variable in a command", "command: [./page]", #"command: [./page, "${LIMIT}"]"#,
            at: ["$.handlers.page.command[1]"]),
        SchemaDocument(
            "no functions", "type: function_call, functions: {f: {command: [./f]}}", "type: function_call",
            at: ["$.handlers.tools"]),
        SchemaDocument(
            "a function without a command", "f: {command: [./f]}", "f: {description: x}",
            at: ["$.handlers.tools.functions.f"]),
        SchemaDocument(
            "a function with both", "f: {command: [./f]}", "f: {command: [./f], swift: roll_dice}",
            at: ["$.handlers.tools.functions.f"]),
        SchemaDocument(
            "a command's option for Swift", "f: {command: [./f]}", "f: {swift: roll_dice, env: [LANG]}",
            at: ["$.handlers.tools.functions.f"]),
        SchemaDocument(
            "a decimal size", "f: {command: [./f]}", "f: {command: [./f], max_output: 64KB}",
            at: ["$.handlers.tools.functions.f.max_output"]),
        SchemaDocument(
            "a variable in a function's command", "f: {command: [./f]}", #"f: {command: ["${LIMIT}"]}"#,
            at: ["$.handlers.tools.functions.f.command[0]"]),
        SchemaDocument("no name", "name: all, ", "", at: ["$.routes[0]"]),
        SchemaDocument("an empty name", "name: all", "name: \"\"", at: ["$.routes[0].name"]),
        SchemaDocument("no handler", "name: all, to: [log, tools]", "name: all", at: ["$.routes[0]"]),
        SchemaDocument("an empty list of handlers", "to: [log, tools]", "to: []", at: ["$.routes[0].to"]),
        SchemaDocument("stop: yes", "to: [log, tools]", "to: [log, tools], stop: yes", at: ["$.routes[0].stop"]),
        SchemaDocument(
            "once per what", "to: [log, tools]", "to: [log, tools], once_per: call", at: ["$.routes[0].once_per"]),
        SchemaDocument("a misspelt key of a route", "match: {type: error}", "mach: {type: error}", at: ["$.routes[1]"]),
        SchemaDocument(match: "{}", at: ["$.routes[1].match"]),
        SchemaDocument(match: "error", at: ["$.routes[1].match"]),
        SchemaDocument(match: "{prefix: x}", at: ["$.routes[1].match"]),
        SchemaDocument(match: "{$or: [{prefix: x}, {a: 1}]}", at: ["$.routes[1].match['$or'][0]"]),
        SchemaDocument(match: "{type: error, a: {}}", at: ["$.routes[1].match.a"]),
        SchemaDocument(match: "{type: error, a: []}", at: ["$.routes[1].match.a"]),
        SchemaDocument(match: "{type: {prefix: response.}}", at: ["$.routes[1].match.type"]),
        SchemaDocument(match: "{type: error, a: {prefix: x}}", at: ["$.routes[1].match.a"]),
        SchemaDocument(match: "{type: error, a: [[x]]}", at: ["$.routes[1].match.a[0]"]),
        SchemaDocument(match: "{type: error, a: [{prefx: x}]}", at: ["$.routes[1].match.a[0]"]),
        SchemaDocument(match: "{type: error, a: [{prefix: x, suffix: y}]}", at: ["$.routes[1].match.a[0]"]),
        SchemaDocument(match: "{type: error, a: [{prefix: 5}]}", at: ["$.routes[1].match.a[0].prefix"]),
        SchemaDocument(match: "{type: error, a: [{exists: \"true\"}]}", at: ["$.routes[1].match.a[0].exists"]),
        SchemaDocument(match: "{type: error, a: [{numeric: 5}]}", at: ["$.routes[1].match.a[0].numeric"]),
        SchemaDocument(match: #"{type: error, a: [{numeric: ["<", "5"]}]}"#, at: ["$.routes[1].match.a[0].numeric"]),
        SchemaDocument(
            match: #"{type: error, a: [{numeric: ["<", 5, ">", 1]}]}"#, at: ["$.routes[1].match.a[0].numeric"]),
        SchemaDocument(match: "{type: error, a: [{anything-but: []}]}", at: ["$.routes[1].match.a[0]['anything-but']"]),
        SchemaDocument(
            match: "{type: error, a: [{anything-but: {cidr: 10.0.0.0/8}}]}",
            at: ["$.routes[1].match.a[0]['anything-but']"]),
        SchemaDocument(match: "{type: error, $or: [{a: 1}]}", at: ["$.routes[1].match['$or']"]),
        SchemaDocument(
            match: "{type: error, $and: [{a: 1}, {b: 2}]}",
            at: ["$.routes[1].match", "$.routes[1].match['$and'][0]", "$.routes[1].match['$and'][1]"]),
        SchemaDocument(more: "unmatched: drop", at: ["$.unmatched"]),
        SchemaDocument(more: "dead_letters: d.jsonl", at: ["$.dead_letters"]),
        SchemaDocument(more: "max_event_bytes: 100", at: ["$.max_event_bytes"]),
        SchemaDocument(more: "tests: [{name: a, routes: []}]", at: ["$.tests[0]", "$.tests[0]"]),
        SchemaDocument(more: "tests: [{name: a, event: {}}]", at: ["$.tests[0]"]),
        SchemaDocument(more: "tests: [{name: a, session: s.jsonl}]", at: ["$.tests[0]"]),
        SchemaDocument(
            more: "tests: [{name: a, session: s.jsonl, expect: s.log, routes: []}]", at: ["$.tests[0]"]),
        SchemaDocument(
            more: "tests: [{name: a, event: {type: a}, routes: [], assert: [{never: {type: a}}]}]", at: ["$.tests[0]"]),
        SchemaDocument(more: "tests: [{name: a, assert: []}]", at: ["$.tests[0].assert"]),
        SchemaDocument(more: "tests: [{name: a, assert: [{call: f}]}]", at: ["$.tests[0].assert[0]"]),
        SchemaDocument(
            more: "tests: [{name: a, assert: [{never: {direction: both}}]}]", at: ["$.tests[0].assert[0]"]),
        SchemaDocument(more: "tests: [{name: a, event: {}, expect: x}]", at: ["$.tests[0]", "$.tests[0]"]),
    ]

    private func replacing(_ old: String, _ new: String) -> SchemaDocument {
        SchemaDocument(name: name, text: text.replacing(old, with: new), places: places)
    }
}
