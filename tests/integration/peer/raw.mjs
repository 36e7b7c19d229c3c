// MessagePack that @msgpack/msgpack would not write: the widest headers, floats for whole numbers, keys in another order.

const text = new TextEncoder();

function header(code, bytes, length) {
    const out = Buffer.alloc(1 + bytes);
    out[0] = code;
    out.writeUIntBE(length, 1, bytes);
    return out;
}

export const str32 = (value) => Buffer.concat([header(0xdb, 4, text.encode(value).length), text.encode(value)]);
export const str8 = (value) => Buffer.concat([header(0xd9, 1, text.encode(value).length), text.encode(value)]);
export const map32 = (...pairs) => Buffer.concat([header(0xdf, 4, pairs.length), ...pairs.flat()]);
export const array32 = (...items) => Buffer.concat([header(0xdd, 4, items.length), ...items]);
export const nil = Buffer.from([0xc0]);

export function float64(value) {
    const out = Buffer.alloc(9);
    out[0] = 0xcb;
    out.writeDoubleBE(value, 1);
    return out;
}

export function uint64(value) {
    const out = Buffer.alloc(9);
    out[0] = 0xcf;
    out.writeBigUInt64BE(BigInt(value), 1);
    return out;
}

export function int64(value) {
    const out = Buffer.alloc(9);
    out[0] = 0xd3;
    out.writeBigInt64BE(BigInt(value), 1);
    return out;
}
