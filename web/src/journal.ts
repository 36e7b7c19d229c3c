// The timeline's entries: fetched by long poll, kept within bounds, filtered.

import { batch, effect, signal } from "@preact/signals";
import { ApiError, request } from "./api";
import { opNames } from "./format";

/** One line of the journal. What only the details show stays in `raw`. */
export interface Entry {
    n: number;
    time: number;
    kind: "frame" | "request" | "connection" | "fault" | "skipped";
    group: Group;
    direction?: "in" | "out";
    name: string; // what it is: the event, the frame, the method
    what: string; // about it: the path, the reason
    user?: string | null;
    op?: number | null;
    t?: string | null;
    s?: number | null;
    size?: number | null;
    ms?: number | null;
    status?: number | null;
    path?: string;
    method?: string;
    raw: string;
}

export const groups = ["events", "heartbeats", "session", "rest", "notes"] as const;
export type Group = (typeof groups)[number];
export const groupNames: Record<Group, string> = {
    events: "Events",
    heartbeats: "Heartbeats",
    session: "Session",
    rest: "REST",
    notes: "Notes",
};

const maxEntries = 20_000;
const maxCharacters = 48 << 20;
const waitMs = 25_000;
/** Between two polls, so that a flood comes in few large answers. */
const breathMs = 120;

let entries: Entry[] = [];
let characters = 0;
let after = 0;
let run: string | null = null;

export const rows = signal<Entry[]>([]);
export const total = signal(0);
export const paused = signal(false);
/** How many entries went off the top of `rows` so far: what a scrolled view moves up by. */
export const gone = signal(0);
export const live = signal<"connecting" | "live" | "lost" | "refused">("connecting");
export const query = signal("");
export const hidden = signal<ReadonlySet<Group>>(new Set());
export const selected = signal<number | null>(null);

function groupOf(line: any): Group {
    if (line.kind === "request") return "rest";
    if (line.kind !== "frame") return "notes";
    if (line.op === 0) return "events";
    return line.op === 1 || line.op === 11 ? "heartbeats" : "session";
}

function nameOf(line: any): [name: unknown, ...what: unknown[]] {
    if (line.kind === "frame") return [line.t ?? opNames[line.op] ?? (line.op == null ? "No MessagePack map" : `Op ${line.op}`)];
    if (line.kind === "request") return [line.method, line.path];
    if (line.kind === "connection") return [`Connection ${line.connection} ${line.what}`, line.code, line.reason];
    return [`Fault ${line.fault} applied`, line.what, line.path];
}

function entryOf(raw: string): Entry {
    const { data, bytes, request, response, ...line } = JSON.parse(raw);
    if (line.query) line.path += `?${line.query}`;
    const [name, ...what] = nameOf(line);
    return { ...line, raw, time: Date.parse(line.time), group: groupOf(line), name, what: what.filter(Boolean).join(" ") };
}

function matcher(): (entry: Entry) => boolean {
    const words = query.value.trim().split(/\s+/).filter(Boolean);
    const tests = words.map((word) => {
        const not = word.length > 1 && word[0] === "-";
        const pattern = new RegExp((not ? word.slice(1) : word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
        // Base64 stands last in a line, and would match any short word.
        return (entry: Entry) => {
            const end = entry.raw.lastIndexOf('"bytes":');
            return pattern.test(`${entry.name} ${end < 0 ? entry.raw : entry.raw.slice(0, end)}`) !== not;
        };
    });
    const out = hidden.value;
    return (entry) => !out.has(entry.group) && tests.every((test) => test(entry));
}

function refilter(): void {
    rows.value = entries.filter(matcher());
}
effect(refilter); // whenever words or kinds change

function add(lines: Entry[]): void {
    for (const entry of lines) characters += entry.raw.length;
    entries = entries.concat(lines);
    const before = entries.length;
    let drop = Math.max(0, before - maxEntries);
    for (let i = 0; i < drop; ++i) characters -= entries[i]!.raw.length;
    while (characters > maxCharacters && drop < before - 1) characters -= entries[drop++]!.raw.length;
    if (drop > 0) entries = entries.slice(drop);
    batch(() => {
        total.value = entries.length;
        if (paused.value) return;
        const first = entries[0]?.n ?? 0;
        const kept = drop > 0 ? rows.value.filter((entry) => entry.n >= first) : rows.value;
        gone.value += rows.value.length - kept.length;
        rows.value = kept.concat(lines.filter((entry) => entry.n >= first).filter(matcher()));
    });
}

export function togglePause(): void {
    paused.value = !paused.value;
    if (!paused.value) refilter();
}

/** Empties the page's list; the sandbox keeps its journal. */
export function clear(): void {
    entries = [];
    characters = 0;
    batch(() => {
        rows.value = [];
        total.value = 0;
        selected.value = null;
    });
}

export const newest = () => after;

async function poll(): Promise<Entry[]> {
    const wait = live.value === "live" ? waitMs : 0;
    const response = await request("GET", `/journal?after=${after}&limit=5000&wait_ms=${wait}`);
    const text = await response.text();
    const now = response.headers.get("X-Sandbox-Run");
    if (run !== (run = now) && after) {
        // A sandbox that was restarted counts from 1 again.
        after = 0;
        clear();
        return poll();
    }
    const found = text.split("\n").filter(Boolean).map(entryOf);
    const skipped = Number(response.headers.get("X-Sandbox-Skipped") ?? 0);
    if (skipped > 0 && found[0]) {
        found.unshift({
            time: found[0].time,
            n: found[0].n - 0.5,
            kind: "skipped",
            group: "notes",
            name: `${skipped.toLocaleString("en")} entries passed over`,
            what: "",
            raw: "{}",
        });
    }
    return found;
}

/** Never returns. `seen` gets what is new. */
export async function follow(seen: (entries: Entry[]) => void): Promise<never> {
    for (;;) {
        let pause = breathMs;
        try {
            const found = await poll();
            live.value = "live";
            if (found.length > 0) {
                after = found.at(-1)!.n;
                add(found);
                seen(found);
            }
        } catch (error) {
            const status = error instanceof ApiError ? error.status : -1;
            live.value = status === 403 ? "refused" : "lost";
            pause = 1000;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
}
