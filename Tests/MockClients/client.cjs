// A spoken turn and a function call, by the package ws: node client.cjs URL
const { WebSocket } = require("ws")

const socket = new WebSocket(process.argv[2] + "?model=gpt-realtime", { headers: { Authorization: "Bearer key" } })
const send = event => socket.send(JSON.stringify(event))
let responses = 0

socket.on("open", () => {
  send({ type: "session.update", session: { type: "realtime", instructions: "Help." } })
  for (let i = 0; i < 5; i++) send({ type: "input_audio_buffer.append", audio: Buffer.alloc(4800).toString("base64") })
})
socket.on("message", data => {
  const event = JSON.parse(data)
  if (event.type === "error") throw new Error(event.error.message)
  if (event.type !== "response.done") return
  responses += 1
  for (const item of event.response.output) {
    if (item.type !== "function_call") return socket.close()
    send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: item.call_id, output: "sent" } })
    send({ type: "response.create" })
  }
})
socket.on("close", () => process.exit(responses === 2 ? 0 : 1))
socket.on("error", error => { console.error(error); process.exit(1) })
