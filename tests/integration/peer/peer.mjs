#!/usr/bin/env node
// A platform that shares no code with the SDK: gateway and REST API over npm's `ws` and `@msgpack/msgpack`, following a
// script, so that a test sees how the SDK fares with somebody else's bytes.
//
//   node peer.mjs [--port 0] [--lifecycle today|newer] [--script NAME] [--heartbeat-interval MS] [--code N]
//                 [--lists plain|wrapped] [--no-limits]
//
// The first line of stdout tells the addresses, once connections are accepted:
//   {"gateway":"ws://127.0.0.1:P/gateway","rest":"http://127.0.0.1:P/api/v1","token":"bot_…","channel":"3001"}
// Every line after it is something that happened, in order, `at` milliseconds after the start:
//   {"type":"open","connection":1}                            a socket was opened (numbered from 1)
//   {"type":"frame","connection":1,"binary":true,"op":1,"d":null,"keys":["op","d"],"hex":"82a2…"}   the client sent a frame
//   {"type":"sent","connection":1,"op":0,"t":"MESSAGE_CREATE","s":3}                                the peer sent one
//   {"type":"close","connection":1,"code":1000,"reason":""}   the socket is closed; 1006: without a close frame
//   {"type":"closing","connection":1,"code":4000} {"type":"cut","connection":1}                     the peer ends it
//   {"type":"request","method":"POST","path":"/api/v1/…","body":{…},"status":201,"authorization":"Bearer …","agent":"…"}
//   {"type":"pong","connection":1}
//
// Scripts (scripts.mjs): talk (default), events, resume, resume_twice, invalid_session, invalid_session_once, reconnect,
// silent_acks, close (with --code), large_ready. Each but talk ends with a MESSAGE_CREATE whose content is "the end".
// Without a script's need for it, today's lifecycle gives no session_id, as today's servers do.
//
// Commands on stdin, one JSON object a line, act on every session or connection:
//   {"dispatch":"NAME","d":{…}}  {"op":6,"d":null}  {"close":4000}  {"cut":true}  {"ping":true}
// The program ends at SIGTERM, SIGINT, and at the end of stdin if stdin is a pipe.
import {createServer} from "node:http";
import {fstatSync} from "node:fs";
import {createInterface} from "node:readline";
import {parseArgs} from "node:util";
import {WebSocketServer} from "ws";

import {Gateway} from "./gateway.mjs";
import {print} from "./output.mjs";
import {Rest} from "./rest.mjs";
import {SCRIPTS} from "./scripts.mjs";
import {CHANNEL, TOKEN} from "./world.mjs";

const {values} = parseArgs({options: {
    port: {type: "string", default: "0"},
    lifecycle: {type: "string", default: "today"},
    script: {type: "string", default: "talk"},
    "heartbeat-interval": {type: "string", default: "1000"},
    code: {type: "string", default: "4000"},
    lists: {type: "string", default: "plain"},
    "no-limits": {type: "boolean", default: false},
}});
const script = SCRIPTS[values.script];
if (!script || !["today", "newer"].includes(values.lifecycle)) {
    console.error(`peer: scripts are ${Object.keys(SCRIPTS).join(", ")}; lifecycles are today, newer`);
    process.exit(2);
}

const gateway = new Gateway({
    lifecycle: values.lifecycle, interval: Number(values["heartbeat-interval"]), code: Number(values.code), script,
    resumable: values.lifecycle === "newer" || script.needsResume === true,
    userOf: (token) => rest.userOf(token),
});
const rest = new Rest({limits: !values["no-limits"], lists: values.lists}, gateway);

const server = createServer((request, response) => rest.handle(request, response));
const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, maxPayload: 1 << 20});
server.on("upgrade", (request, socket, head) => {
    if (new URL(request.url, "http://peer").pathname !== "/gateway") {
        socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => gateway.accept(webSocket));
});

function command(line) {
    const order = JSON.parse(line);
    if (order.dispatch !== undefined) return gateway.broadcast(order.dispatch, order.d);
    for (const connection of [...gateway.live]) {
        if (order.op !== undefined) gateway.sendOp(connection, order.op, order.d ?? null);
        if (order.ping) connection.socket.ping("ping");
        if (order.close !== undefined) gateway.close(connection, order.close, "as ordered");
        if (order.cut) gateway.cut(connection);
    }
}

const stdin = fstatSync(0);
if (stdin.isFIFO() || stdin.isSocket()) {
    createInterface({input: process.stdin}).on("line", command).on("close", () => process.exit(0));
}
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));

server.listen(Number(values.port), "127.0.0.1", () => {
    const address = `127.0.0.1:${server.address().port}`;
    print({gateway: `ws://${address}/gateway`, rest: `http://${address}/api/v1`, token: TOKEN, channel: CHANNEL.id});
});
