public import RealtimeEvents

/// What a handler wants of its session.
public enum SessionWish: Sendable {
    /// A client event is to go to the model.
    case send(ClientEvent)
    /// The model is to respond.
    case requestResponse
    /// The model is to say something while a function call runs, as these parameters have it.
    case speak(ResponseParameters, whileWaitingFor: CallReference)
    /// A function call has its outcome.
    case complete(FunctionCallOutcome)
}
