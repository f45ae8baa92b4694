import RealtimeRouter
import RouterProgram

@main
struct RealtimeRouterProgram {
    static func main() async { await RouterProgram.main(handlers: .standard) }
}
