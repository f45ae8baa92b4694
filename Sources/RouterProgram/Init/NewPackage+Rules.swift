extension NewPackage {
    /// The rules that a new package starts with.
    static let rules = #"""
        # What happens to the events of a voice session:
        #   swift run \#(name) run session.jsonl   routes a recorded one
        #   swift run \#(name) check               says what is wrong with this file, and where
        #   swift run \#(name) test                runs the tests at its end
        # Editors complete and check it once swift run \#(name) schema > routes.schema.json has been run and the first line is
        #   yaml-language-server: $schema=routes.schema.json
        version: 1

        # Where sessions come from when run gets none to read; a type of this package's own is registered in \#(name).swift.
        # sources:
        #   night: { type: file, paths: [calls/*.jsonl], labels: { tenant: acme } }
        #   agent: { type: pipe, live: true, record: { folder: recordings, keep: 30d } }   # a file for each session

        # How sessions are configured that the router opens itself: what the API's session.update takes, and the model.
        # session:
        #   model: gpt-realtime
        #   instructions: You are the night desk. Today's password is ${PASSWORD}.
        #   audio: { input: { transcription: { model: gpt-4o-transcribe } }, output: { voice: marin } }

        # Who does something with an event: a name of your choice, the type, and that type's options.
        handlers:
          console:
            type: console                  # a readable line for an event

          transcript:
            type: transcript               # a line of JSON for every finished utterance
            output: transcript.jsonl

          slow:
            type: slow_answers             # this package's own: SlowAnswerHandler.swift
            limit: ${SLOW_ANSWER:-250ms}   # the environment's SLOW_ANSWER, or this

          # What was heard, as a WAV file for each session: the user left, the assistant right.
          # heard: { type: audio, path: "audio/{session}.wav" }

          # Functions that the model calls, as commands. No shell is involved: {city} is that argument of the call.
          # tools:
          #   type: function_call
          #   functions:
          #     get_weather: { command: [./get-weather, --city, "{city}"], timeout: 5s }

        # Which events go to whom. All routes that match an event fire, in this order.
        routes:
          - name: everything that was said   # without a match a route takes the events that its handlers are made for
            to: transcript

          - name: the call as it goes
            to: console

          - name: slow answers
            to: slow

          - name: greetings
            match:
              type: router.utterance.heard   # somebody finished a sentence
              role: user
              text: [ { phrase: [ good morning, "hello*" ] } ]   # whole words; hello* is any word that begins so
            once_per: session
            to: console

        unmatched: ignore                            # events that no route took: counted, not kept
        dead_letters: { path: dead-letters.jsonl }   # what could not be read or delivered, with the reason

        # What you rely on: an event, and the routes that it fires.
        tests:
          - name: a greeting is noticed
            event: { type: router.utterance.heard, role: user, text: "Hello, is anybody there?" }
            routes: [greetings]

          - name: ours is not
            event: { type: router.utterance.heard, role: assistant, text: Hello! }
            routes: []

        """#
}
