// A relay of WebSocket messages that uses `ws`, the most common WebSocket library for Node. It parses no JSON.
//
//     node message-relay.cjs PORT
//
// Listens on a free port of the loopback interface and prints the port. Connects each client to PORT. Runs until a
// signal ends it.

"use strict";

const { WebSocket, WebSocketServer } = require("ws");

function relay(from, to) {
  from.on("message", (data, isBinary) => to.send(data, { binary: isBinary }));
  from.on("close", (code, reason) => (code === 1005 || code === 1006 ? to.close() : to.close(code, reason)));
  from.on("error", () => to.terminate());
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("listening", () => console.log(server.address().port));
server.on("connection", (client, request) => {
  const headers = { authorization: request.headers.authorization };
  const upstream = new WebSocket(`ws://127.0.0.1:${process.argv[2]}${request.url}`, { perMessageDeflate: false, headers });
  client.pause();
  upstream.on("open", () => client.resume());
  relay(client, upstream);
  relay(upstream, client);
});
