// The text format of Prometheus, and what two readings of it tell: rates and the distribution of times.

export interface Sample {
    labels: Record<string, string>;
    value: number;
}

/** All samples at one moment, by the name of their line. */
export interface Reading {
    time: number; // in ms
    samples: ReadonlyMap<string, Sample[]>;
}

const linePattern = /^([A-Za-z_:][\w:]*)\s*(?:\{(.*)\})?\s+([-+]?(?:Inf|[\d.][\d.eE+-]*))(?:\s|$)/;
const labelPattern = /([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;
const escapes: Record<string, string> = { n: "\n", '"': '"', "\\": "\\" };

function numberOf(text: string): number {
    if (text === "+Inf") return Infinity;
    return text === "-Inf" ? -Infinity : Number(text);
}

function labelsOf(text: string): Record<string, string> {
    const pairs = [...text.matchAll(labelPattern)].map(([, name, value]) => [name!, value!.replace(/\\(.)/g, (all, one) => escapes[one] ?? all)]);
    return Object.fromEntries(pairs);
}

/** What is not a sample, or has no number as its value, is skipped. */
export function read(text: string, time: number): Reading {
    const samples = new Map<string, Sample[]>();
    for (const line of text.split("\n")) {
        const found = line.startsWith("#") ? null : linePattern.exec(line);
        if (!found) continue;
        const [, name, labels, value] = found;
        const list = samples.get(name!) ?? [];
        list.push({ labels: labelsOf(labels ?? ""), value: numberOf(value!) });
        samples.set(name!, list);
    }
    return { time, samples };
}

type Match = Record<string, string>;

const matching = (reading: Reading, name: string, match: Match): Sample[] =>
    (reading.samples.get(name) ?? []).filter(({ labels }) => Object.entries(match).every(([key, value]) => labels[key] === value));

/** The sum over all samples that match; undefined if there is none. */
export function sum(reading: Reading, name: string, match: Match = {}): number | undefined {
    const found = matching(reading, name, match);
    return found.length === 0 ? undefined : found.reduce((all, { value }) => all + value, 0);
}

/** The values of a label, in alphabetical order. */
export const valuesOf = (reading: Reading, name: string, label: string): string[] =>
    [...new Set((reading.samples.get(name) ?? []).flatMap(({ labels }) => labels[label] ?? []))].sort();

/** How much a counter has grown. A counter that did not exist before was 0. */
export function growth(from: Reading, to: Reading, name: string, match: Match = {}): number {
    return Math.max(0, (sum(to, name, match) ?? 0) - (sum(from, name, match) ?? 0));
}

/** Per second; undefined as long as there is only one reading, or without such a counter. */
export function rate(from: Reading, to: Reading, name: string, match: Match = {}): number | undefined {
    if (to.time <= from.time || sum(to, name, match) === undefined) return undefined;
    return (growth(from, to, name, match) / (to.time - from.time)) * 1000;
}

/**
 * The value that a fraction of a histogram's observations between two readings does not exceed, interpolated within its
 * bucket; undefined without observations. What exceeds the last limit counts as that limit.
 */
export function quantile(from: Reading, to: Reading, name: string, fraction: number, match: Match = {}): number | undefined {
    const limits = valuesOf(to, `${name}_bucket`, "le").map(numberOf).sort((a, b) => a - b);
    const texts = new Map(valuesOf(to, `${name}_bucket`, "le").map((text) => [numberOf(text), text]));
    const counts = limits.map((limit) => growth(from, to, `${name}_bucket`, { ...match, le: texts.get(limit)! }));
    const all = counts.at(-1) ?? 0;
    if (all === 0) return undefined;
    const at = counts.findIndex((count) => count >= all * fraction);
    const below = at > 0 ? limits[at - 1]! : 0;
    if (limits[at] === Infinity) return below;
    const before = at > 0 ? counts[at - 1]! : 0;
    return below + ((limits[at]! - below) * (all * fraction - before)) / Math.max(1e-9, counts[at]! - before);
}

/** The readings of a process, newest last. */
export class History {
    readings: Reading[] = [];

    constructor(readonly keptMs: number) {}

    /** A bot that was started again begins a new history: its counters begin at 0. */
    add(reading: Reading): void {
        const started = (of: Reading) => sum(of, "process_start_time_seconds");
        const last = this.readings.at(-1);
        if (last && started(last) !== started(reading)) this.readings = [];
        this.readings = [...this.readings.filter(({ time }) => time >= reading.time - this.keptMs), reading];
    }

    get newest(): Reading | undefined {
        return this.readings.at(-1);
    }

    /** The oldest reading of the last so many milliseconds. */
    since(ms: number): Reading | undefined {
        const newest = this.newest;
        return newest && this.readings.find(({ time }) => time >= newest.time - ms);
    }
}
