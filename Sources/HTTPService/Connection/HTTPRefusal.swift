import NIOCore
import NIOHTTP1

/// The reason why the service itself answers a request with an error, without calling a handler.
enum HTTPRefusal: Error, Equatable {
    case badRequest
    case notFound
    case methodNotAllowed([String])
    case requestTimeout
    case bodyTooLarge
    case requestLineTooLong
    case unsupportedExpectation
    case headerTooLarge
    case internalError
    case unsupportedTransferEncoding
    case unavailable
    case unsupportedVersion

    /// The refusal for an error of NIO's decoder.
    init(_ error: any Error) {
        self =
            switch error {
            case let refusal as HTTPRefusal: refusal
            case HTTPParserError.headerOverflow: .headerTooLarge
            case HTTPParserError.invalidVersion: .unsupportedVersion
            default: .badRequest
            }
    }

    private var status: HTTPResponseStatus {
        switch self {
        case .badRequest: .badRequest
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .bodyTooLarge: .payloadTooLarge
        case .requestLineTooLong: .uriTooLong
        case .unsupportedExpectation: .expectationFailed
        case .headerTooLarge: .requestHeaderFieldsTooLarge
        case .internalError: .internalServerError
        case .unsupportedTransferEncoding: .notImplemented
        case .unavailable: .serviceUnavailable
        case .unsupportedVersion: .httpVersionNotSupported
        }
    }

    /// The answer, whose body is the status as a line of text.
    var response: HTTPResponse {
        var response = HTTPResponse(status: Int(status.code), text: "\(status.code) \(status.reasonPhrase)\n")
        switch self {
        case .methodNotAllowed(let methods): response.headers.add("Allow", methods.joined(separator: ", "))
        case .unavailable: response.headers.add("Retry-After", "1")
        default: break
        }
        return response
    }
}
