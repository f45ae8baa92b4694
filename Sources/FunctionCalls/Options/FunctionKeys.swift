import ConfigSource
import EventRouter
import LocalCommands

/// The option keys of one function.
enum FunctionKeys {
    static let description = SectionKey.string("description", "What the function does, for the model.")
    static let parameters = SectionKey.node(
        "parameters", .mapping(of: .anything), "The function's arguments: a JSON Schema, as in `session.update`.")
    static let timeout = SectionKey.duration(
        "timeout", in: .milliseconds(1) ... .seconds(24 * 3600),
        "How long a call may take; then a command's process group gets TERM."
    ).defaulting(to: .seconds(10))
    static let maxConcurrent = SectionKey.int(
        "max_concurrent", in: 1...1024, "How many calls of this function may run at a time.")

    static let idempotent = SectionKey.bool(
        "idempotent", "Whether a call may run again if its result is unknown."
    ).defaulting(to: false)

    static let onDuplicate = SectionKey<DuplicatePolicy?>.choice(
        "on_duplicate",
        "What happens to a call while another call of its session with the same arguments waits or runs: it runs too, gets an error, or gets the other call's answer."
    ).defaulting(to: .allow)
    static let once = SectionKey.section(
        "once", OnceKeys.form,
        "Which arguments identify equivalent calls: only the first one runs, and later ones get its answer."
    )

    static let response = SectionKey<ResponsePolicy?>.choice(
        "response",
        "Whether the router requests a response when the model has the output. If a response has several calls, one that wants a response is enough."
    ).defaulting(to: .create)
    static let onInterrupt = SectionKey<InterruptPolicy?>.choice(
        "on_interrupt",
        "What happens to a call when the user interrupts the model in a live session: it finishes, or it is stopped and answered as cancelled."
    ).defaulting(to: .finish)
    static let redact = SectionKey.stringList(
        "redact",
        "The arguments that must not be written: no journal, dead letter, console line or other handler gets them."
    ).defaultingToNone()
    static let approval = SectionKey.section(
        "approval", ApprovalKeys.form, "Which calls need approval before they run, and who approves them.")
    static let whileWaiting = SectionKey.section(
        "while_waiting", WaitingKeys.form,
        "What the model says to the user if a call takes long; only in live sessions.")

    static let command = SectionKey.commandTemplate(
        "command",
        "The program and its arguments; `\"{city}\"` or `--city={city}` is replaced by that argument of the call. No shell is involved."
    )
    static let worker = SectionKey.command(
        "worker",
        "A program that keeps running, and its arguments: it reads one call per line and writes one answer per line, as JSON."
    )
    static let swift = SectionKey.string("swift", "The name of a function that the program registers in code.")

    static let allowDash = SectionKey.bool(
        "allow_dash", "Whether an argument that is a whole word of the command may start with `-`."
    ).defaulting(to: false).only(with: command.name)
    static let stdin = SectionKey<CommandExecutor.Input?>.choice(
        "stdin",
        "What the command reads from standard input: the arguments as JSON, the whole call with its `call_id`, or nothing."
    ).defaulting(to: .arguments).only(with: command.name)
    static let killAfter = SectionKey.duration(
        "kill_after", in: .zero ... .seconds(3600),
        "How long the program may run on after TERM; then its process group gets KILL."
    ).defaulting(to: CommandLimits().killAfter).only(with: command.name, worker.name)
    static let maxOutput = SectionKey.byteSize(
        "max_output", in: 1...(64 << 20),
        "The maximum length of the answer: of a command's standard output, or of a worker's line. A longer answer is an error."
    ).defaulting(to: CommandLimits().maximumOutput).only(with: command.name, worker.name)
    static let env = SectionKey.stringList(
        "env", "The names of the environment variables that the program inherits, in addition to PATH."
    ).defaultingToNone().only(with: command.name, worker.name)
    static let workingDirectory = SectionKey.string(
        "working_directory", "The folder in which the program runs, relative to the folder of this file."
    ).defaulting(to: ".").only(with: command.name, worker.name)
    static let errorOutput = SectionKey<CommandExecutor.ErrorOutput?>.choice(
        "error_output", "What the model gets of a failed command's standard error."
    ).defaulting(to: .none).only(with: command.name)

    static let output = SectionKey<CommandExecutor.Output?>.choice(
        "output",
        "The format of standard output: text, or one JSON value. With `json`, the call fails if the output is anything else."
    ).defaulting(to: .text).only(with: command.name)

    static let limits = SectionKey.section(
        "limits", LimitKeys.form, "Limits on what the program may use of the machine; the Linux kernel enforces them."
    ).only(with: command.name, worker.name)

    static let sandbox = SectionKey<CommandSandbox?>.choice(
        "sandbox",
        "A sandbox that isolates the program: `bwrap` gives it no network, a read-only file system, a `/tmp` of its own, and write access to its working directory."
    ).only(with: command.name, worker.name)

    /// The keys that say what runs the function: the built-in kinds. A function has exactly one.
    static let executors = [command.name, worker.name, swift.name]

    private static let keys: [any DeclaredKey] = [
        description, parameters, timeout, maxConcurrent, idempotent, onDuplicate, once, response, onInterrupt,
        redact,
        approval, whileWaiting, command, worker, swift, allowDash, stdin, killAfter, maxOutput, env,
        workingDirectory, errorOutput, output, limits, sandbox,
    ]

    /// The form of a function's options, with these kinds in addition to the built-in ones.
    static func form(with kinds: [ExecutorKind]) -> SectionForm {
        let names = Set(keys.map(\.form.name))
        for kind in kinds {
            precondition(!names.contains(kind.name), "no kind of function can be called `\(kind.name)`, as a key is")
        }
        return SectionForm(keys + kinds.map(\.key), alternatives: executors + kinds.map(\.name))
    }
}

extension ExecutorKind {
    /// The key whose value has the options of this kind.
    fileprivate var key: KeyForm {
        KeyForm(
            name, options.map { .section($0) } ?? .mapping(of: .anything),
            summary.isEmpty ? "The options of a function of the kind `\(name)`." : summary)
    }
}

/// The keys of a function's `once`.
enum OnceKeys {
    static let by = SectionKey.stringList("by", atLeast: 1, "The arguments that identify what a call is about.")
        .required("name the arguments that say what a call is about: `by: [cart_id]`")
    static let within = SectionKey.duration(
        "within", in: .seconds(1) ... .seconds(366 * 24 * 3600), "How long the answer of a successful call is reused."
    ).required("write how long an answer is reused: `within: 24h`")

    static let form = SectionForm([by, within])
}

/// The keys of a function's `limits` on its program's use of the machine.
enum LimitKeys {
    static let cpu = SectionKey.duration(
        "cpu", in: .seconds(1) ... .seconds(24 * 3600),
        "The processor time in whole seconds; after it the kernel kills the program.")
    static let memory = SectionKey.byteSize(
        "memory", in: (1 << 20)...(1 << 40), "The address space, which is more than the memory that the program uses.")
    static let files = SectionKey.int("files", in: 8...(1 << 20), "How many descriptors the program may have open.")

    static let form = SectionForm([cpu, memory, files])
}

/// The keys of a function's `while_waiting`.
enum WaitingKeys {
    static let after = SectionKey.duration(
        "after", in: .zero ... .seconds(3600), "The time after which the model says it, unless the call is done."
    ).defaulting(to: .seconds(2))
    static let say = SectionKey.string("say", "What the model says to the user.")
        .required("write what the model says: `say: One moment, please.`")

    static let form = SectionForm([after, say])
}

/// The keys of a function's `approval`.
enum ApprovalKeys {
    static let unless = SectionKey.section(
        "unless", ExceptionKeys.form, "The calls that need no approval; every other call needs it.")
    static let command = SectionKey.node(
        "command", .either([.command, .choice([ask])]),
        "Who decides: a program that gets the call as JSON and approves with exit status 0, or `ask` for the person at the terminal."
    ).required("name a program, `command: [./bin/approve]`, or write `command: ask` for a question at the terminal")
    static let timeout = SectionKey.duration(
        "timeout", in: .milliseconds(1) ... .seconds(24 * 3600), "How long the decision may take."
    ).defaulting(to: .seconds(30))
    static let otherwise = SectionKey<ApprovalRule.Otherwise?>.choice(
        "otherwise", "What happens to a call without a decision in time."
    ).defaulting(to: .reject)

    static let ask = "ask"
    static let form = SectionForm([unless, command, timeout, otherwise])
}

/// The keys of `unless` in a function's `approval`.
enum ExceptionKeys {
    static let arguments = SectionKey.node(
        "arguments", .named("pattern"), "A pattern that the arguments match, in the language of `match`."
    ).required("say what the arguments look like: `arguments: { amount: [ { numeric: [ \"<=\", 50 ] } ] }`")

    static let form = SectionForm([arguments])
}
