"""The routes that live sessions are measured with."""

NO_ROUTES = "version: 1\nroutes: []\n"
SIX_ROUTES = """\
version: 1
handlers:
  words: { type: transcript, output: words.jsonl }
  figures: { type: metrics }
routes:
  - { name: limits, match: { type: rate_limits.updated }, stop: true }
  - { name: words, to: words }
  - { name: figures, to: figures }
  - { name: refunds, match: { type: router.utterance.heard, text: [ { phrase: "refund*" } ] }, to: words }
  - { name: failures, match: { type: response.done, response: { status: [ failed, incomplete ] } }, to: words }
  - { name: calls, match: { type: router.function_call.done, name: [ { prefix: get_ } ] }, to: words }
"""
