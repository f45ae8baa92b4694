/// A handler that also takes the audio that clients send.
///
/// Besides the events that routes send it, it gets the client's `input_audio_buffer.append` (in translation
/// `session.input_audio_buffer.append`) of every session, in the order in which client and server sent their events. Such a delivery has no
/// routes, and its ``EventDelivery/side`` is `client`. It is not redacted: it holds audio alone. Nothing is delivered to a handler that no
/// route names.
///
/// Sessions bring the client's events where a recording has them, or the source does: see ``SessionSide/client``.
public protocol ClientAudioHandling: EventHandler {}
