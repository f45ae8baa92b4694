import HTTPService
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("::1", "[::1]"), ("localhost", nil), ("127.1", nil),
        ("", nil), ("127.0.0.1 ", nil),
    ])
    func address_isAnIPAddress(text: String, description: String?) {
        #expect(IPAddress(text)?.description == description)
    }
}
