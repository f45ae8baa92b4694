import EventJSON
import RealtimeRouter
import RouterTesting

/// Asks a forecast server that is a list in memory.
struct ForecastExecutor: ManagedExecutor, SecretKeeping {
    struct NoServer: Error, CustomStringConvertible {
        let description: String
    }

    let server: String
    let steps: Collected<String>
    let secrets: SecretValues

    init(_ server: String, steps: Collected<String>, token: String = "") {
        self.server = server
        self.steps = steps
        secrets = SecretValues([(name: "TOKEN", value: token)])
    }

    func start() async throws {
        guard server != "nowhere" else { throw NoServer(description: "there is no server `nowhere`") }
        steps.append("start \(server)")
    }

    func stop() async { steps.append("stop \(server)") }

    func refusal(of call: FunctionCall) -> FunctionCallRefusal? {
        call.arguments?["city"] == "Atlantis" ? FunctionCallRefusal("there is no forecast for Atlantis") : nil
    }

    func run(_ call: FunctionCall) async throws -> FunctionCallReport {
        steps.append("run \(call.callID ?? "")")
        guard call.arguments?["city"] != "Oslo" else { throw NoServer(description: "no answer, token sk-12345678") }
        var report = FunctionCallReport.completed(FunctionCallResult("12 degrees"))
        report.exitStatus = 0
        report.standardError = "asked \(server)"
        report.outputBytes = 10
        return report
    }
}

extension HandlerRegistry {
    /// The standard registry with the kind `forecast`.
    static func withForecast(_ steps: Collected<String> = Collected()) -> HandlerRegistry {
        var registry = HandlerRegistry.standard
        let server = SectionKey.string("server", "The server's name.").required("name the server: `server: north`")
        let token = SectionKey.string("token", "The token that the server wants.").defaulting(to: "")
        registry.executor("forecast", "Asks a forecast server.", options: [server, token]) { options in
            let token = options.read(token)
            return options.read(server).map { ForecastExecutor($0, steps: steps, token: token) }
        }
        return registry
    }
}
