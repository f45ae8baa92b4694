import ConfigSource
import RouteFile
import Testing

/// Mistakes in `handlers`.
@Suite struct HandlerSectionTests {
    @Test(arguments: mistakes)
    func handlers_reportMistakeAtItsLocation(_ mistake: SectionMistake) {
        mistake.check()
    }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "handler without a type",
            changes: [
                (#"  log: {type: transcript, output: t.jsonl}\#n"#, #"  transcript: {output: t.jsonl}\#n"#),
                (#"  - {name: all, to: [log, tools]}\#n"#, #"  - {name: all, to: [transcript, tools]}\#n"#),
            ],
            rendered: #"""
                routes.yml:3:15: error: the handler `transcript` needs the key `type`
                    3 |   transcript: {output: t.jsonl}
                      |               ^
                   help: write `type: transcript`
                """#),
        SectionMistake(
            "a misspelt type",
            changes: [
                (#"  log: {type: transcript, output: t.jsonl}\#n"#, #"  log: {typ: transcript, output: t.jsonl}\#n"#)
            ],
            rendered: #"""
                routes.yml:3:9: error: unknown key `typ`
                    3 |   log: {typ: transcript, output: t.jsonl}
                      |         ^
                   help: did you mean `type`?
                """#),
        SectionMistake(
            "unknown handler type",
            changes: [
                (#"  log: {type: transcript, output: t.jsonl}\#n"#, #"  log: {type: transcrip, output: t.jsonl}\#n"#)
            ],
            rendered: #"""
                routes.yml:3:15: error: there is no handler type `transcrip`
                    3 |   log: {type: transcrip, output: t.jsonl}
                      |               ^
                   help: did you mean `transcript`?
                """#),
        SectionMistake(
            "bad options",
            changes: [
                (
                    #"  log: {type: transcript, output: t.jsonl}\#n"#,
                    #"  log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:3:27: error: unknown key `outptu`
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capac…
                      |                           ^
                   help: did you mean `output`?

                routes.yml:3:45: error: `every` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `5` has no unit
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {at…
                      |                                             ^
                   help: add a unit: `5s` or `5ms`

                routes.yml:3:55: error: `limit` must be a size such as `4096`, `64KiB`, `1MiB` or `1GiB`, and this is `64KB`
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}
                      |                                                       ^
                   help: write `64KiB`

                routes.yml:3:70: error: `on_full` must be `block`, `drop_oldest` or `drop_newest`, and this is `drop`
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}
                      |                                                                      ^

                routes.yml:3:92: error: `queue_capacity` must be a whole number from 1 to 1000000, and this is `0`
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}
                      |                                                                                            ^

                routes.yml:3:103: error: unknown key `attemps`
                    3 |   log: {type: transcript, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}
                      |                                                                                                       ^
                   help: did you mean `attempts`?

                routes.yml:3:124: error: `backoff` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `1` has no unit
                    3 | …t, outptu: t, every: 5, limit: 64KB, on_full: drop, queue_capacity: 0, retry: {attemps: 2, backoff: 1}}
                      |                                                                                                      ^
                   help: add a unit: `1s` or `1ms`
                """#),
        SectionMistake(
            "a bound for all sessions below that of one",
            changes: [
                (
                    #"  log: {type: transcript, output: t.jsonl}\#n"#,
                    #"  log: {type: transcript, output: t.jsonl, shared_queue_capacity: 500, shared_queue_bytes: 32MiB}\#n"#
                ),
                (
                    #"  out: {type: console}\#n"#,
                    #"  out: {type: console, queue_capacity: 9, shared_queue_capacity: 8, queue_bytes: 2KiB, shared_queue_bytes: 1025}\#n"#
                ),
            ],
            rendered: #"""
                routes.yml:3:67: error: `shared_queue_capacity` must be at least `queue_capacity` (`1024` by default), and this is `500`
                    3 |   log: {type: transcript, output: t.jsonl, shared_queue_capacity: 500, shared_queue_bytes: 32MiB}
                      |                                                                   ^
                   help: add `queue_capacity: 500`, or less

                routes.yml:3:92: error: `shared_queue_bytes` must be at least `queue_bytes` (`64MiB` by default), and this is `32MiB`
                    3 |   log: {type: transcript, output: t.jsonl, shared_queue_capacity: 500, shared_queue_bytes: 32MiB}
                      |                                                                                            ^
                   help: add `queue_bytes: 32MiB`, or less

                routes.yml:4:66: error: `shared_queue_capacity` must be at least `queue_capacity` (`9`), and this is `8`
                    4 |   out: {type: console, queue_capacity: 9, shared_queue_capacity: 8, queue_bytes: 2KiB, shared_queue_bytes: 1025}
                      |                                                                  ^

                routes.yml:4:108: error: `shared_queue_bytes` must be at least `queue_bytes` (`2KiB`), and this is `1025`
                    4 |   out: {type: console, queue_capacity: 9, shared_queue_capacity: 8, queue_bytes: 2KiB, shared_queue_bytes: 1025}
                      |                                                                                                            ^
                """#),
        SectionMistake(
            "bounds of queues that are wrong by themselves",
            changes: [
                (
                    #"  out: {type: console}\#n"#,
                    #"  out: {type: console, queue_bytes: 64KB, shared_queue_bytes: 2KiB, shared_queue_capacity: 0}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:4:37: error: `queue_bytes` must be a size such as `4096`, `64KiB`, `1MiB` or `1GiB`, and this is `64KB`
                    4 |   out: {type: console, queue_bytes: 64KB, shared_queue_bytes: 2KiB, shared_queue_capacity: 0}
                      |                                     ^
                   help: write `64KiB`

                routes.yml:4:92: error: `shared_queue_capacity` must be a whole number from 1 to 100000000, and this is `0`
                    4 |   out: {type: console, queue_bytes: 64KB, shared_queue_bytes: 2KiB, shared_queue_capacity: 0}
                      |                                                                                            ^
                """#),
        SectionMistake(
            "retry without attempts",
            changes: [
                (
                    #"  log: {type: transcript, output: t.jsonl}\#n"#,
                    #"  log: {type: transcript, output: t.jsonl, retry: {backoff: 1s}}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:3:51: error: `retry` needs the key `attempts`
                    3 |   log: {type: transcript, output: t.jsonl, retry: {backoff: 1s}}
                      |                                                   ^
                   help: write `retry: {attempts: 3}`
                """#),
        SectionMistake(
            "retry of calls",
            changes: [
                (#"  tools: {type: function_call}\#n"#, #"  tools: {type: function_call, retry: {attempts: 3}}\#n"#),
                (
                    #"  - {name: all, to: [log, tools]}\#n"#,
                    #"  - {name: all, to: [log, tools], retry: {attempts: 2}}\#n"#
                ),
            ],
            rendered: #"""
                routes.yml:5:39: error: the handler `tools` may not retry: a function call runs at most once
                    5 |   tools: {type: function_call, retry: {attempts: 3}}
                      |                                       ^
                   help: remove `retry`

                routes.yml:7:42: error: deliveries to `tools` may not be retried: a function call runs at most once
                    7 |   - {name: all, to: [log, tools], retry: {attempts: 2}}
                      |                                          ^
                   help: remove `retry` from this route
                """#),
        SectionMistake(
            "handler_timeout of calls",
            changes: [
                (#"  tools: {type: function_call}\#n"#, #"  tools: {type: function_call, handler_timeout: 5s}\#n"#)
            ],
            rendered: #"""
                routes.yml:5:49: error: the handler `tools` may not have `handler_timeout`: a call that is answered as late could still run
                    5 |   tools: {type: function_call, handler_timeout: 5s}
                      |                                                 ^
                   help: remove `handler_timeout`; each function has a `timeout`
                """#),
        SectionMistake(
            "refused without a reason", changes: [(#"  out: {type: console}\#n"#, #"  out: {type: picky}\#n"#)],
            rendered: #"""
                routes.yml:4:8: error: the handler `out` cannot be made of these options
                    4 |   out: {type: picky}
                      |        ^
                """#),
        SectionMistake(
            "a handler that is none", changes: [(#"  out: {type: console}\#n"#, #"  out: console\#n"#)],
            rendered: #"""
                routes.yml:4:8: error: the handler `out` must be a mapping, and this is the string `console`
                    4 |   out: console
                      |        ^
                   help: write `out: {type: console}`, and its options beside `type`
                """#),
        SectionMistake(
            "an unused handler",
            changes: [(#"  - {name: all, to: [log, tools]}\#n"#, #"  - {name: all, to: [log]}\#n"#)],
            rendered: #"""
                routes.yml:5:3: warning: no route uses the handler `tools`
                    5 |   tools: {type: function_call}
                      |   ^
                """#, isLoaded: true),
    ]
}
