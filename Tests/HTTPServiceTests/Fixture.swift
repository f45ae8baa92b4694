import HTTPService
import RawPeers

/// The header field that every request needs.
let host = "Host: here\r\n"

/// A running service with some routes, for one test.
func withService<Value: Sendable>(
    _ options: HTTPServiceOptions = HTTPServiceOptions(), _ routes: [HTTPRoute] = standardRoutes,
    _ talk: @escaping @Sendable (UInt16) throws -> Value
) async throws -> Value {
    let service = HTTPService(port: 0, routes: routes, options: options)
    try await service.start()
    let port = service.listeningPort ?? 0
    let result: Result<Value, any Error>
    do { result = .success(try await blocking { try talk(port) }) } catch { result = .failure(error) }
    await service.stop(within: .milliseconds(100))
    return try result.get()
}

/// Routes: `GET /hello` answers with a greeting, `POST /echo` with the request's body.
let standardRoutes = [
    HTTPRoute("GET", "/hello") { _ in HTTPResponse(text: "hello\n") },
    HTTPRoute("POST", "/echo") { request in HTTPResponse(body: request.body) },
]
