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
        "idempotent", "Whether a call may run again of which nobody knows whether it was done."
    ).defaulting(to: false)

    static let onDuplicate = SectionKey<DuplicatePolicy?>.choice(
        "on_duplicate",
        "What becomes of a call while another one of its session with the same arguments waits or runs: it runs too, gets an error, or gets the other's answer."
    ).defaulting(to: .allow)
    static let once = SectionKey.section(
        "once", OnceKeys.form,
        "Which arguments make two calls mean the same: it is done once, and the second one gets the first one's answer."
    )

    static let response = SectionKey<ResponsePolicy?>.choice(
        "response",
        "Whether the model goes on when it has the output; of several calls of a response one that wants it is enough."
    ).defaulting(to: .create)
    static let onInterrupt = SectionKey<InterruptPolicy?>.choice(
        "on_interrupt",
        "What becomes of a call when the user interrupts the model in a live session: it is finished, or stopped and answered as cancelled."
    ).defaulting(to: .finish)
    static let redact = SectionKey.stringList(
        "redact",
        "The arguments that nobody may write down: no journal, dead letter, console line or other handler has them."
    ).defaultingToNone()
    static let approval = SectionKey.section(
        "approval", ApprovalKeys.form, "Which calls somebody has to approve of before they run, and who.")
    static let whileWaiting = SectionKey.section(
        "while_waiting", WaitingKeys.form, "What is said to the user when a call takes long, in live sessions.")

    static let command = SectionKey.commandTemplate(
        "command",
        "The program and its arguments; `\"{city}\"` or `--city={city}` is that argument of the call. No shell is involved."
    )
    static let worker = SectionKey.command(
        "worker",
        "A program and its arguments that stays: it reads a call a line and writes an answer a line, as JSON."
    )
    static let swift = SectionKey.string("swift", "The name of a function that the program registers in code.")

    static let allowDash = SectionKey.bool(
        "allow_dash", "Whether an argument that is a whole word of the command may begin with `-`."
    ).defaulting(to: false).only(with: command.name)
    static let stdin = SectionKey<CommandExecutor.Input?>.choice(
        "stdin", "What the command reads: the arguments as JSON, the whole call with its `call_id`, or nothing."
    ).defaulting(to: .arguments).only(with: command.name)
    static let killAfter = SectionKey.duration(
        "kill_after", in: .zero ... .seconds(3600), "How long it has after TERM; then its process group gets KILL."
    ).defaulting(to: CommandLimits().killAfter).only(with: command.name, worker.name)
    static let maxOutput = SectionKey.byteSize(
        "max_output", in: 1...(64 << 20), "How much of its standard output goes to the model; for a worker, of a line."
    ).defaulting(to: CommandLimits().maximumOutput).only(with: command.name, worker.name)
    static let env = SectionKey.stringList(
        "env", "The names of the variables of our environment that it sees, beside PATH."
    ).defaultingToNone().only(with: command.name, worker.name)
    static let workingDirectory = SectionKey.string(
        "working_directory", "The folder it runs in, relative to the folder of this file."
    ).defaulting(to: ".").only(with: command.name, worker.name)
    static let errorOutput = SectionKey<CommandExecutor.ErrorOutput?>.choice(
        "error_output", "What the model hears of a failed command's standard error."
    ).defaulting(to: .none).only(with: command.name)

    static let output = SectionKey<CommandExecutor.Output?>.choice(
        "output",
        "What its standard output is: text, or one JSON value; if it is none, the call fails."
    ).defaulting(to: .text).only(with: command.name)

    static let limits = SectionKey.section(
        "limits", LimitKeys.form, "What it may use of the machine, as the kernel of Linux counts it."
    ).only(with: command.name, worker.name)

    static let sandbox = SectionKey<CommandSandbox?>.choice(
        "sandbox",
        "What keeps it apart from the machine: `bwrap` leaves it no network, a system that it can only read, a `/tmp` of its own, and its working directory."
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
    static let by = SectionKey.stringList("by", atLeast: 1, "The arguments that say what a call is about.")
        .required("name the arguments that say what a call is about: `by: [cart_id]`")
    static let within = SectionKey.duration(
        "within", in: .seconds(1) ... .seconds(366 * 24 * 3600), "How long a call that succeeded stands for others."
    ).required("say how long a call stands for others: `within: 24h`")

    static let form = SectionForm([by, within])
}

/// The keys of a function's `limits` on what its program may use of the machine.
enum LimitKeys {
    static let cpu = SectionKey.duration(
        "cpu", in: .seconds(1) ... .seconds(24 * 3600), "The processor time, in whole seconds; then it is killed.")
    static let memory = SectionKey.byteSize(
        "memory", in: (1 << 20)...(1 << 40), "The address space, which is more than the memory that is really used.")
    static let files = SectionKey.int("files", in: 8...(1 << 20), "How many descriptors it may have open.")

    static let form = SectionForm([cpu, memory, files])
}

/// The keys of a function's `while_waiting`.
enum WaitingKeys {
    static let after = SectionKey.duration(
        "after", in: .zero ... .seconds(3600), "How long a call may take until something is said."
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
        "Who decides: a program that gets the call as JSON and approves with exit status 0, or `ask` for whoever is at the terminal."
    ).required("name a program, `command: [./bin/approve]`, or write `command: ask` for a question at the terminal")
    static let timeout = SectionKey.duration(
        "timeout", in: .milliseconds(1) ... .seconds(24 * 3600), "How long the decision may take."
    ).defaulting(to: .seconds(30))
    static let otherwise = SectionKey<ApprovalRule.Otherwise?>.choice(
        "otherwise", "What becomes of a call about which nothing was decided in time."
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
