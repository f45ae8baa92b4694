import LocalCommands
import Testing

@Suite struct CommandEnvironmentTests {
    @Test(arguments: ["A", "_", "LC_ALL", "a1", "_9"])
    func variableName_isValid(_ text: String) { #expect(CommandEnvironment.isName(text)) }

    @Test(arguments: ["", "1A", "A-B", "A=B", "A B", "É", "A\0", "A[", "@", "`", "{"])
    func variableName_isInvalid(_ text: String) { #expect(!CommandEnvironment.isName(text)) }
}
