// One JSON object a line on stdout: what happened, for a test to read.

const start = process.hrtime.bigint();

/** 64-bit integers that a JavaScript number cannot hold are written as text. */
function plain(_key, value) {
    if (typeof value === "bigint") {
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
    }
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

export function print(object) {
    process.stdout.write(JSON.stringify(object, plain) + "\n");
}

/** `at`: milliseconds since the program began. */
export function record(type, fields) {
    print({at: Number((process.hrtime.bigint() - start) / 1000000n), type, ...fields});
}
