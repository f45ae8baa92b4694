// EventRouter exports what it is built on: the events, their JSON, patterns, sessions, files of records and the configuration.
@_exported public import EventRouter
@_exported public import FunctionCalls
@_exported public import OperatorHandlers
@_exported public import RealtimeMetrics
@_exported public import RouteFile
@_exported public import SessionAudio
@_exported public import Transcripts
