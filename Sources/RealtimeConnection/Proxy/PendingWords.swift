import EventRouter
extension AttachedSession { var hasPendingWords: Bool { false } }
