import EventJSON
import EventRouter
import RealtimeEvents
extension AttachedSession { func unsent(_ event: ClientEvent) {} }
extension SessionDescription {
    var configuration: JSONValue? {
        get { nil }
        set {}
    }
    var configuresAtOnce: Bool {
        get { false }
        set {}
    }
}
extension SourceContext { var session: JSONValue? { nil } }
