@_exported public import ConfigSource
@_exported public import EventJSON
@_exported public import EventPatterns
@_exported public import struct Logging.Logger
@_exported public import RealtimeEvents
@_exported public import RealtimeSession
@_exported public import RecordFiles
