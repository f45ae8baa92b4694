// A typical hand-written script: parses each line with JSON.parse, and writes a transcript line for each utterance.
//
//     node transcribe.mjs CORPUS OUTPUT

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const [path, output] = process.argv.slice(2);
const source = openSync(path, "r");
const transcript = openSync(output, "a");
let session = "";
let sessionID;

function record(role, item, text) {
  const line = { session, session_id: sessionID, item_id: item, role, text, status: "completed" };
  writeSync(transcript, JSON.stringify(line) + "\n");
}

function handle(event) {
  switch (event.type) {
    case "session.created":
      sessionID = event.session.id;
      break;
    case "conversation.item.input_audio_transcription.completed":
      record("user", event.item_id, event.transcript);
      break;
    case "response.output_audio_transcript.done":
      record("assistant", event.item_id, event.transcript);
      break;
  }
}

const block = Buffer.allocUnsafe(256 * 1024);
const decoder = new StringDecoder("utf8");
let rest = "";
for (let count; (count = readSync(source, block)) > 0; ) {
  const lines = (rest + decoder.write(block.subarray(0, count))).split("\n");
  rest = lines.pop();
  for (const line of lines) if (line) handle(JSON.parse(line));
}
if (rest) handle(JSON.parse(rest));
closeSync(transcript);
