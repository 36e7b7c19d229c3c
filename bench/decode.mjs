// Nanoseconds that npm's @msgpack/msgpack needs for a frame: `node decode.mjs MODULES ROUNDS < frames`, where a frame is
// a line "name hex". Prints one JSON object of the best round for each name.
import {createRequire} from "node:module";
import {readFileSync} from "node:fs";

const [modules, rounds] = process.argv.slice(2);
const {Decoder} = createRequire(`${modules}/x.js`)("@msgpack/msgpack");
const decoder = new Decoder();
const best = {};
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
    const [name, hex] = line.split(" ");
    const bytes = Buffer.from(hex, "hex");
    const times = Math.ceil(20_000_000 / bytes.length);
    best[name] = Infinity;
    for (let round = 0; round < Number(rounds); round += 1) {
        const before = process.cpuUsage();
        for (let i = 0; i < times; i += 1) decoder.decode(bytes);
        const used = process.cpuUsage(before);
        best[name] = Math.min(best[name], (used.user + used.system) * 1000 / times);
    }
}
console.log(JSON.stringify(best));
