import ConfigSource
import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import Testing

/// The options for a function's policies.
extension OptionTests {
    @Test func policyOptions_allOptions() throws {
        let diagnostics = Diagnostics()
        let node: Node = [
            "functions": [
                "pay": [
                    "command": ["./pay"], "sandbox": "bwrap", "response": "none", "on_interrupt": "cancel",
                    "redact": ["card", "pin"], "while_waiting": ["after": "3s", "say": "One moment."],
                    "approval": [
                        "unless": ["arguments": ["amount": [["numeric": ["<=", 50]]]]], "command": ["./approve", "-v"],
                        "timeout": "5s", "otherwise": "approve",
                    ],
                ],
                "ask": [
                    "worker": ["./ask"], "sandbox": "bwrap", "approval": ["command": "ask"],
                    "while_waiting": ["say": "Hm."],
                ],
            ]
        ]
        let handler = try #require(try read(node, diagnostics))
        #expect(diagnostics.isEmpty)
        let pay = handler.functions[0]
        #expect(
            pay.policy
                == FunctionPolicy(
                    response: .none, onInterrupt: .cancel, redacted: ["card", "pin"],
                    whileWaiting: WaitingMessage("One moment.", after: .seconds(3))))
        #expect((pay.executor as? CommandExecutor)?.resources == CommandResources(sandbox: .bwrap))
        let approval = try #require(pay.approval)
        #expect(approval.approver.name == "command ./approve")
        #expect(approval.timeout == .seconds(5) && approval.otherwise == .approve)
        #expect(approval.exception?.matches(["amount": 50]) == true)
        #expect(approval.exception?.matches(["amount": 51]) == false)
        let ask = handler.functions[1]
        #expect(ask.policy == FunctionPolicy(whileWaiting: WaitingMessage("Hm.", after: .seconds(2))))
        #expect((ask.executor as? WorkerExecutor)?.command.resources.sandbox == .bwrap)
        #expect(ask.approval?.approver.name == "terminal")
        #expect(ask.approval?.timeout == .seconds(30) && ask.approval?.otherwise == .reject)
        #expect(ask.approval?.exception == nil)
    }

    static let wrongPolicies = [
        Mistake(
            ["command": ["./f"], "response": "later"], "`response` must be `create` or `none`, and this is `later`"),
        Mistake(
            ["command": ["./f"], "on_interrupt": "stop"],
            "`on_interrupt` must be `finish` or `cancel`, and this is `stop`"),
        Mistake(
            ["command": ["./f", "--card={card}", ["--pin", "{pin}"], "{city}"], "redact": ["card", "pin"]],
            "the argument `card` is redacted, and everybody on this machine can see the words of a command / let the program read it from its standard input, and remove it here",
            "the argument `pin` is redacted, and everybody on this machine can see the words of a command / let the program read it from its standard input, and remove it here"
        ),
        Mistake(
            ["command": ["./f"], "parameters": ["properties": ["card": [:]]], "redact": ["crd"]],
            "the function `f` has no parameter `crd` / did you mean `card`?"),
        Mistake(
            ["command": ["./f"], "redact": ["cart"], "once": ["by": ["cart"], "within": "1h"]],
            "`once` uses the argument `cart`, which is redacted, so the journal does not have it / use an argument that is not redacted"
        ),
        Mistake(
            ["command": ["./f"], "while_waiting": ["after": "2s"]],
            "`while_waiting` needs the key `say` / write what the model says: `say: One moment, please.`"),
        Mistake(
            ["command": ["./f"], "approval": ["timeout": "5s"]],
            "`approval` needs the key `command` / name a program, `command: [./bin/approve]`, or write `command: ask` for a question at the terminal"
        ),
        Mistake(
            ["command": ["./f"], "approval": ["command": "./approve"]],
            "`command` must be a list of words or `ask`, and this is a string / name a program, `command: [./bin/approve]`, or write `command: ask` for a question at the terminal"
        ),
        Mistake(
            ["command": ["./f"], "approval": ["command": ["./approve", "{amount}"]]],
            "a program that approves calls cannot have placeholders / it gets the whole call as JSON on standard input"),
        Mistake(
            ["command": ["./f"], "approval": ["command": "ask", "unless": [:]]],
            "`unless` needs the key `arguments` / say what the arguments look like: `arguments: { amount: [ { numeric: [ \"<=\", 50 ] } ] }`"
        ),
        Mistake(
            ["command": ["./f"], "approval": ["command": "ask", "unless": ["amount": [5]]]],
            "`unless` needs the key `arguments` / say what the arguments look like: `arguments: { amount: [ { numeric: [ \"<=\", 50 ] } ] }`",
            "unknown key `amount` / known keys: `arguments`"),
        Mistake(
            ["command": ["./f"], "sandbox": "docker"], "`sandbox` must be `bwrap`, and this is `docker`"),
        Mistake(
            ["swift": "roll_dice", "sandbox": "bwrap"],
            "`sandbox` is for commands and workers, and the function `f` is a Swift function / remove `sandbox`"),
    ]

    @Test(arguments: wrongPolicies) func policyOptions_mistakes(mistake: Mistake) throws {
        let diagnostics = Diagnostics()
        _ = try read(mistake.options, diagnostics)
        #expect(diagnostics.items.map { $0.message + ($0.help.map { " / \($0)" } ?? "") } == mistake.messages)
        #expect(diagnostics.hasErrors)
    }
}
