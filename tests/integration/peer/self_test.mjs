#!/usr/bin/env node
// The foreign client against the foreign peer, in both lifecycles: the two agree with each other before either judges the SDK.
import {spawn} from "node:child_process";
import {once} from "node:events";
import {dirname} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
let failed = 0;

async function run(peerArguments, clientArguments) {
    const peer = spawn("node", ["peer.mjs", ...peerArguments], {cwd: here, stdio: ["pipe", "pipe", "inherit"]});
    const lines = createInterface({input: peer.stdout});
    const [first] = await once(lines, "line");
    const {gateway, rest, token} = JSON.parse(first);
    lines.on("line", () => {});
    const arguments_ = ["client.mjs", "--gateway", gateway, "--rest", rest, "--token", token, ...clientArguments];
    const client = spawn("node", arguments_, {cwd: here, stdio: ["ignore", "inherit", "inherit"]});
    const [status] = await once(client, "exit");
    if (status !== 0) failed += 1;
    peer.stdin.end();
    await once(peer, "exit");
}

await run(["--lifecycle", "today"], ["--no-resume"]);
await run(["--lifecycle", "newer", "--lists", "wrapped"], ["--hello", "--lists", "wrapped"]);
process.exit(failed === 0 ? 0 : 1);
