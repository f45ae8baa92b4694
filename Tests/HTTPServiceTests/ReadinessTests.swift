import HTTPService
import RawPeers
import Testing

/// Whether a process accepts work.
@Suite(.timeLimit(.minutes(1))) struct ReadinessTests {
    @Test("A process is ready if all its registered servers are ready")
    func readiness_listsServersThatDoNotAcceptWork() {
        let readiness = Readiness()
        #expect(readiness.obstacles.isEmpty)
        let first = readiness.enter("proxy 127.0.0.1:8080")
        let second = readiness.enter("proxy 127.0.0.1:8081")
        #expect(readiness.obstacles == ["proxy 127.0.0.1:8080 is starting", "proxy 127.0.0.1:8081 is starting"])
        second.set(.ready)
        #expect(readiness.obstacles == ["proxy 127.0.0.1:8080 is starting"])
        first.set(.ready)
        #expect(readiness.obstacles.isEmpty)
        first.set(.draining)
        #expect(readiness.obstacles == ["proxy 127.0.0.1:8080 is draining"])
        first.leave()
        first.set(.draining)
        #expect(readiness.obstacles.isEmpty)
    }

    @Test("Readiness answers 200, or 503 with the reasons; liveness always answers 200")
    func readiness_isAnsweredOverHTTP() async throws {
        let readiness = Readiness()
        let server = readiness.enter("proxy 127.0.0.1:8080")
        let answers = try await withService(HTTPServiceOptions(), readiness.routes) { port in
            func ask(_ path: String) throws -> Answer? {
                try RawPeer(port).ask("GET \(path) HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
            }
            var answers = [try ask("/readyz"), try ask("/healthz")]
            server.set(.ready)
            answers.append(try ask("/readyz"))
            server.set(.draining)
            answers += [try ask("/readyz"), try ask("/healthz")]
            return answers
        }
        #expect(answers.map { $0?.status } == [503, 200, 200, 503, 200])
        #expect(
            answers.map { $0?.body } == [
                "proxy 127.0.0.1:8080 is starting\n", "ok\n", "ready\n", "proxy 127.0.0.1:8080 is draining\n", "ok\n",
            ])
    }
}
