// The same work in JavaScript, on npm's `ws` and `@msgpack/msgpack`, against bench/replay.cpp:
//
//   node node_client.mjs MODULES receive PORT EVENTS BURSTS   a line of JSON for each burst, as intent_bench_receive
//   node node_client.mjs MODULES echo PORT CONNECTIONS        answers each message; the server takes the time
import {createRequire} from "node:module";

const [modules, show, port, ...numbers] = process.argv.slice(2);
const require = createRequire(`${modules}/x.js`);
const {Decoder, encode} = require("@msgpack/msgpack");
const WebSocket = require("ws");

const identify = encode({op: 2, d: {token: "bot_bench"}});
const presence = encode({op: 10, d: {status: "online", afk: false}});
const decoder = new Decoder();

/** Connects, calls `handlers[t](d)` for every event, and `handlers.ready` when the session is. */
function connect(handlers) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/gateway`, {perMessageDeflate: false});
    socket.on("open", () => socket.send(identify));
    socket.on("message", (data) => {
        const frame = decoder.decode(data);
        if (frame.op === 0) handlers[frame.t]?.(frame.d, socket);
        else if (frame.op === 3) handlers.ready(socket);
    });
    return new Promise((resolve) => socket.on("close", resolve));
}

function receive(events, bursts) {
    let seen, cpu, began;
    const begin = (socket) => {
        seen = 0;
        cpu = process.cpuUsage();
        began = process.hrtime.bigint();
        socket.send(presence);
    };
    return connect({
        ready: begin,
        MESSAGE_CREATE: ({message}) => {
            if (message.content !== "") seen += 1;
        },
        MESSAGE_DELETE: (_, socket) => {
            const {user, system} = process.cpuUsage(cpu);
            const wall = Number(process.hrtime.bigint() - began);
            if (seen !== events) throw new Error(`${seen} of ${events} events were seen`);
            console.log(JSON.stringify({cpu_ns: (user + system) * 1000 / events, wall_ns: wall / events}));
            bursts -= 1;
            if (bursts > 0) begin(socket);
            else socket.close(1000);
        },
    });
}

function echo() {
    return connect({
        ready: (socket) => socket.send(presence),
        MESSAGE_CREATE: (_, socket) => socket.send(presence),
        MESSAGE_DELETE: (_, socket) => socket.close(1000),
    });
}

if (show === "receive") {
    await receive(...numbers.map(Number));
} else {
    for (let i = 0; i < Number(numbers[0]); i += 1) await echo();
}
