// An agent with a connection of its own, and the router beside it. Needs Node 22; Node 20 with --experimental-websocket.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const url = process.env.REALTIME_URL ?? "wss://api.openai.com/v1/realtime?model=gpt-realtime";
const headers = { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` };
const options = "run - --live --session-key call-7 --outbound - --routes agents.yml".split(" ");

const router = spawn("realtime-router", options, { stdio: ["pipe", "pipe", "inherit"] });
router.on("error", (error) => console.error(`no router: ${error.message}`));
router.stdin.on("error", () => {}); // without its router the call goes on
const tellRouter = (line) => router.stdin.write(line + "\n");

const socket = new WebSocket(url, { headers });

// Everything that the agent itself sends.
function send(event) {
  tellRouter(JSON.stringify({ direction: "client", event }));
  socket.send(JSON.stringify(event));
}

socket.addEventListener("open", () => {
  const transcription = { input: { transcription: { model: "gpt-4o-transcribe" } } };
  send({ type: "session.update", session: { type: "realtime", audio: transcription } });
});
socket.addEventListener("message", ({ data }) => {
  tellRouter(data);
  // What the agent does with the event: it plays audio, shows words, and so on.
});
socket.addEventListener("close", () => router.stdin.end());
createInterface({ input: router.stdout }).on("line", (line) => {
  if (socket.readyState === WebSocket.OPEN) socket.send(line);
});
