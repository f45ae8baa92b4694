/// What is said between this process and a program that runs on: a line each way at a time.
///
/// One conversation serves one ``LocalCommand/converse(_:)``.
package final class LineConversation: Sendable {
    /// What a program says.
    package enum Message: Sendable, Hashable {
        /// A line on its standard output, without the line end.
        case line([UInt8])
        /// A line there that is longer than `CommandLimits.maximumOutput`; told as soon as it is, and only once.
        case overlongLine
        /// What it wrote to standard error, in pieces of any size.
        case standardError([UInt8])
    }

    let lines: AsyncStream<[UInt8]>
    let ends: AsyncStream<Void>
    private let lineFeed: AsyncStream<[UInt8]>.Continuation
    private let endFeed: AsyncStream<Void>.Continuation
    let receive: @Sendable (Message) -> Void

    /// Begins a conversation.
    ///
    /// - Parameter receive: gets what the program says, in order for each of its two streams. It must not wait.
    package init(receive: @escaping @Sendable (Message) -> Void) {
        self.receive = receive
        (lines, lineFeed) = AsyncStream.makeStream()
        (ends, endFeed) = AsyncStream.makeStream()
    }

    /// Says something to the program; it waits here until the program reads it.
    ///
    /// - Parameter line: the bytes, with the line end.
    package func send(_ line: [UInt8]) { lineFeed.yield(line) }

    /// Ends the conversation: the program's process group gets TERM, and KILL after `killAfter`. Any number of times.
    package func end() { endFeed.finish() }

    /// Nothing can be said any more.
    func close() { lineFeed.finish() }
}
