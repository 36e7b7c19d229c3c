// How values are written for people.

export const opNames: Record<number, string> = {
    0: "Dispatch",
    1: "Heartbeat",
    2: "Identify",
    3: "Ready",
    4: "Voice State Update",
    5: "Resume",
    6: "Reconnect",
    7: "Request Members",
    8: "Invalid Session",
    9: "Hello",
    10: "Presence Update",
    11: "Heartbeat ACK",
    12: "Voice Signal",
};

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const clockTime = (time: number) => clock.format(time);
export const shortTime = (text: string) => clock.format(Date.parse(text)).slice(0, 5);
export const dayOf = (text: string) => day.format(Date.parse(text));

export function bytes(count: number | null | undefined): string {
    if (count == null) return "";
    if (count < 1024) return `${count} B`;
    return count < 1 << 20 ? `${(count / 1024).toFixed(1)} kB` : `${(count / (1 << 20)).toFixed(1)} MB`;
}

/** "40 µs", "0.4 ms", "12 ms", "3.2 s", "5 min" */
export function duration(ms: number | null | undefined): string {
    if (ms == null) return "–";
    if (ms > 0 && ms < 0.1) return `${Math.max(1, Math.round(ms * 1000))} µs`;
    if (ms < 10) return `${+ms.toFixed(1)} ms`;
    if (ms < 1000) return `${Math.round(ms)} ms`;
    return ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** A hue for a name, the same every time. */
export function hue(name: string): number {
    let sum = 7;
    for (const character of name) sum = (sum * 31 + character.codePointAt(0)!) % 360;
    return sum;
}

/** A word for a POSIX shell. */
export const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export const fromBase64 = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** Rows of 16 bytes, at most `limit` of them: offset, bytes, text. */
export function hexRows(data: Uint8Array, limit: number): [string, string, string][] {
    const rows: [string, string, string][] = [];
    for (let at = 0; at < data.length && rows.length < limit; at += 16) {
        const part = [...data.subarray(at, at + 16)];
        const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        const text = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
        rows.push([at.toString(16).padStart(4, "0"), hex.padEnd(47), text]);
    }
    return rows;
}
