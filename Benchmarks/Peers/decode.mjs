// Parses each line with JSON.parse and reads three fields.
//
//     node decode.mjs CORPUS         from bytes, as from a file or a socket
//     node decode.mjs CORPUS bare    from strings that exist before the measurement
//
// Prints the same output as EventBenchmark.

import { readFileSync } from "node:fs";

const [path, mode] = process.argv.slice(2);
const bytes = readFileSync(path);

/** Gives every line to `body` as a string. */
function eachLine(body) {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    body(bytes.toString("utf8", start, end));
    start = end + 1;
  }
}

const strings = [];
if (mode === "bare") eachLine((line) => strings.push(line));

function look(event, findings) {
  findings.count += 1;
  findings.type += event.type.length;
  if (typeof event.response?.status === "string") findings.status += event.response.status.length;
  if (typeof event.item?.type === "string") findings.item += event.item.type.length;
}

function pass() {
  const findings = { count: 0, type: 0, status: 0, item: 0 };
  if (mode === "bare") {
    for (const line of strings) look(JSON.parse(line), findings);
  } else {
    eachLine((line) => look(JSON.parse(line), findings));
  }
  return findings;
}

const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const findings = pass();
const times = [];
while (times.length < 3 || times.reduce((sum, time) => sum + time, 0) < 0.7) {
  const begin = processorSeconds();
  pass();
  times.push(processorSeconds() - begin);
}
times.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    seconds: times[times.length >> 1],
    bytes: bytes.length,
    count: findings.count,
    found: { type: findings.type, "response.status": findings.status, "item.type": findings.item },
    about: `Node ${process.version}`,
  }),
);
