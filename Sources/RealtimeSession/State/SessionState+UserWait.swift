internal import RealtimeEvents

// Whether the session waits for its user. Only events change that: a call that is answered meanwhile is seen with the next one, as in a
// recording of the session.
extension SessionState {
    /// The user spoke or wrote.
    mutating func noteUserAct() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.userActs(at: now) }
    }

    /// Something holds the wait for the user, or does not hold it any more.
    mutating func hold(_ hold: UserWait.Holds, _ isHeld: Bool) {
        guard let now = emitter.clock.now, alarms.userWait.holds.contains(hold) != isHeld else { return }
        alarms.changeUserWait { $0.set(hold, isHeld, at: now) }
    }

    /// Takes in whether a response of the conversation is active.
    mutating func noteActiveResponses() { hold(.response, !answering.sequencer.active.isEmpty) }

    /// Takes in that a response began: what a recorded session did about its calls is over.
    mutating func noteResponseOfWait() {
        alarms.changeUserWait { $0.hasRecordedCall = false }
        noteActiveResponses()
        releaseAnsweredCalls()
    }

    /// Takes in that there is a connection again.
    mutating func noteConnectionOfWait() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.set(.connection, false, at: now) }
    }

    /// Takes in how long the audio of a response that ended plays.
    mutating func notePlayback(of response: ResponseRecord, milliseconds: Int?) {
        guard !response.isOutOfBand, let now = emitter.clock.now else { return }
        if response.status == "cancelled" {
            alarms.changeUserWait { $0.stopAudio(at: now) }
        } else if let milliseconds, let first = response.firstAudioAt {
            alarms.changeUserWait { $0.addAudio(from: first, length: Double(milliseconds) / 1000) }
        }
    }

    /// Takes in that the server plays the model's audio, or that it has ended.
    mutating func notePlayback(_ isPlaying: Bool) {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.setPlaying(isPlaying, at: now) }
    }

    /// Takes in that the user hears no more of the model's audio.
    mutating func noteTruncation() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.stopAudio(at: now) }
    }

    /// Takes in that a call was offered to handlers, or waits for its output in the recording.
    mutating func noteCallOfWait() {
        if !configuration.isInteractive { alarms.changeUserWait { $0.hasRecordedCall = true } }
        hold(.call, true)
    }

    /// Takes in that the recording's conversation has the output of a call.
    mutating func noteRecordedOutputOfWait() {
        guard !configuration.isInteractive else { return }
        alarms.changeUserWait { $0.hasRecordedCall = false }
        releaseAnsweredCalls()
    }

    /// Ends the hold of calls if none is unanswered.
    mutating func releaseAnsweredCalls() {
        guard alarms.userWait.holds.contains(.call), !isCallUnanswered else { return }
        hold(.call, false)
    }

    private var isCallUnanswered: Bool {
        configuration.isInteractive
            ? answering.readyCalls.owed > 0 || answering.sequencer.client.hasCalls
            : alarms.userWait.hasRecordedCall || answering.replayedCalls.isAwaited
    }

    /// Emits that the user has been idle for a step.
    mutating func emitIdle(_ step: Int, after seconds: Double) {
        idleCount += 1
        emitter.emit(.routerUserIdle, "user.idle/\(idleCount)", turn: turn) { (body: inout IdleUser) in
            body.idleMs = EventClock.milliseconds(seconds)
            body.step = step
        }
    }
}
