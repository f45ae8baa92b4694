import EventJSON
import Logging

/// Says that a live session has no words of its user, for routes that wait for them.
package enum UnheardWords {
    /// The message of the warning. Its metadata are `session` and `routes`, the routes' names with commas between them.
    package static let message: Logger.Message = "the session transcribes nothing of what its user says"
}

extension EventPipeline {
    /// Looks at the first configuration of a live session that the server has confirmed: without transcription no words of the user come.
    mutating func noteTranscription(_ text: RawSpan) {
        guard !scope.hasCheckedTranscription, scope.session.isInteractive, !options.isDryRun else { return }
        scope.hasCheckedTranscription = true
        let routes = table.routesOnUserWords
        guard !routes.isEmpty, let session = (try? JSONValue(parsing: text))?["session"] else { return }
        guard !SessionBlock.hasTranscription(session) else { return }
        context.logger.warning(
            UnheardWords.message,
            metadata: ["session": "\(scope.session.key)", "routes": "\(routes.joined(separator: ", "))"])
    }
}
