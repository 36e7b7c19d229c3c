// Faults: four at hand at any time, a form for every kind, and those that are active.

import { signal } from "@preact/signals";
import { control } from "./api";
import { Targets } from "./compose";
import { duration, plural } from "./format";
import { attempt, faults, loadFaults, sessions, tell } from "./store";
import type { Fault } from "./types";
import { Act, onSubmit, Select } from "./ui";

interface Field {
    name: string;
    label: string;
    start: string;
    type: "text" | "number" | "check" | "choice";
    choices: string[];
}
type Kinds = Record<string, [title: string, ...fields: Field[]]>;

const field = (name: string, label: string, start = "", type: Field["type"] = "text", choices: string[] = []): Field => ({ name, label, start, type, choices });
const number = (name: string, label: string, start = "") => field(name, label, start, "number");
const choice = (name: string, label: string, ...choices: string[]) => field(name, label, "", "choice", choices);

const rest: Kinds = {
    rate_limit: ["Answer 429", choice("scope", "Scope", "route", "global"), number("retry_after", "Retry after, s", "1")],
    status: ["Answer any status", number("status", "Status, 400-599", "503"), field("body", "Body"), field("content_type", "Content type")],
    delay: ["Answer late", number("delay_ms", "Delay, ms", "2000")],
    stall: ["Never answer"],
    drop_request: ["Cut instead of answering", choice("after", "When", "before", "after")],
    truncate: ["Cut the body short", number("bytes", "After bytes")],
    malformed: ["Answer no JSON"],
    missing_headers: ["Leave out the limit headers"],
};
const gateway: Kinds = {
    drop: ["Drop the connection"],
    close: ["Close with a code", number("code", "Code, 1000-4999", "4000"), field("reason", "Reason")],
    reconnect: ["Send op 6, Reconnect"],
    invalid_session: ["Send op 8, Invalid Session", field("resumable", "It can be resumed", "", "check")],
    skip_sequence: ["Skip a sequence number", number("by", "Numbers", "1")],
    lose: ["Lose an event"],
    duplicate: ["Send an event twice"],
    no_ack: ["Leave a heartbeat without ACK"],
    bad_msgpack: ["Send bad MessagePack"],
    text_frame: ["Send a text frame"],
    refuse_identify: ["Refuse Identify and Resume", number("code", "Close code", "4004")],
};
const kinds: Kinds = { ...rest, ...gateway };
const titleOf = (kind: string) => kinds[kind]?.[0] ?? kind;

const quickTarget = signal("");

/** The part of `match` that a choice of session or user means; a request has a user alone. */
function targetMatch(value: string, ofRest: boolean): Record<string, string | number> {
    const [what, which] = value.split(" ");
    if (!which) return {};
    if (what === "user") return { user: which };
    const session = sessions.value.find((one) => String(one.id) === which);
    return ofRest ? { user: session?.user ?? "" } : { session: Number(which) };
}

export async function add(fault: Record<string, unknown>): Promise<void> {
    const made = await attempt(() => control<Fault>("POST", "/faults", fault));
    if (!made) return;
    tell(`${titleOf(made.kind)}: ${made.hits > 0 ? `struck ${plural(made.hits, "session")}` : "waits for the next that fits"}`);
    await attempt(loadFaults);
}

const quick: [string, Record<string, unknown>][] = [
    ["Drop connection", { kind: "drop" }],
    ["429 next call", { kind: "rate_limit", retry_after: 1 }],
    ["Op 6", { kind: "reconnect" }],
    ["Skip sequence", { kind: "skip_sequence" }],
];

function strike(fault: Record<string, unknown>): Promise<void> {
    const match = targetMatch(quickTarget.value, fault.kind === "rate_limit");
    return add(Object.keys(match).length > 0 ? { ...fault, match } : fault);
}
export const dropNow = () => strike({ kind: "drop" });

export function QuickFaults() {
    return (
        <div class="quick" role="group" aria-label="Faults at hand">
            <Targets label="Whom the faults at hand meet" value={quickTarget.value} choose={(value) => (quickTarget.value = value)} />
            {quick.map(([label, fault]) => (
                <button key={label} onClick={() => strike(fault)}>
                    {label}
                </button>
            ))}
        </div>
    );
}

const chosen = signal("rate_limit");

const common = [number("count", "Times, empty: no end", "1"), number("probability", "Probability, 0-1", "1"), number("duration_ms", "Gone after, ms")];
const matches = {
    rest: [field("method", "Method"), field("path", "Path, * is anything"), field("user", "User")],
    gateway: [field("event", "Event"), number("session", "Session"), field("user", "User")],
};

/** Below `match` the names have a dot, as in the order's errors. */
const Inputs = ({ of, below = "" }: { of: Field[]; below?: string }) => (
    <div class="grid">
        {of.map(({ name, label, start, type, choices }) => (
            <label key={name} class={type === "check" ? type : ""}>
                {label}
                {type === "choice" ? (
                    <select name={name}>
                        {choices.map((text) => (
                            <option key={text}>{text}</option>
                        ))}
                    </select>
                ) : (
                    <input name={below + name} {...(type === "check" ? { type: "checkbox" as const } : { inputMode: type === "number" ? "decimal" : "text" })} defaultValue={start} autocomplete="off" />
                )}
            </label>
        ))}
    </div>
);

/** The form as the API takes it: what is empty is left out, but an empty count means without end. */
function faultOf(form: HTMLFormElement, kind: string, fields: Field[], match: Field[]): Record<string, unknown> {
    const data = new FormData(form);
    const filled = (of: Field[], below = "") =>
        Object.fromEntries(
            of.flatMap(({ name, type }): [string, unknown][] => {
                const text = String(data.get(below + name) ?? "").trim();
                if (type === "check") return [[name, text !== ""]];
                // What is no number goes as it is: the sandbox says what is wrong with it.
                return text ? [[name, type === "number" && !isNaN(+text) ? +text : text]] : [];
            }),
        );
    const met = filled(match, "match.");
    return { kind, count: null, ...filled([...fields, ...common]), ...(Object.keys(met).length > 0 && { match: met }) };
}

function Form() {
    const kind = chosen.value;
    const [, ...fields] = kinds[kind]!;
    const match = kind in rest ? matches.rest : matches.gateway;
    return (
        <form class="fields" onSubmit={onSubmit((form) => add(faultOf(form, kind, fields, match)))}>
            <label>
                New fault
                <Select id="kind" value={kind} choose={(name) => (chosen.value = name)}>
                    {Object.entries({ "REST requests": rest, Gateway: gateway }).map(([label, group]) => (
                        <optgroup key={label} label={label}>
                            {Object.keys(group).map((name) => (
                                <option key={name} value={name}>
                                    {titleOf(name)}
                                </option>
                            ))}
                        </optgroup>
                    ))}
                </Select>
            </label>
            <Inputs key={kind} of={[...fields, ...common]} />
            <fieldset>
                <legend>What it meets, empty: anything</legend>
                <Inputs of={match} below="match." />
            </fieldset>
            <p class="row">
                <button class="main">Add fault</button>
            </p>
        </form>
    );
}

const usual = ["id", "kind", "match", "hits", "count", "remaining_ms", "duration_ms", "probability", "seed"];

function describe(fault: Fault): string {
    const parts = Object.entries(fault)
        .filter(([name, value]) => !usual.includes(name) && value != null)
        .map(([name, value]) => `${name} ${value}`);
    for (const [name, value] of Object.entries(fault.match ?? {})) parts.push(`${name} ${value}`);
    if (typeof fault.probability === "number" && fault.probability < 1) parts.push(`${Math.round(fault.probability * 100)} %`);
    return parts.join(", ");
}

const remove = (path: string) =>
    attempt(async () => {
        await control("DELETE", path);
        await loadFaults();
    });

export function Faults() {
    return (
        <div class="pane">
            {faults.value.length === 0 ? (
                <p class="note">No fault is active: everything goes as it should.</p>
            ) : (
                <ul class="cards" aria-label="Active faults">
                    {faults.value.map((fault) => (
                        <li key={fault.id} class="fault">
                            <span class="dot warn" aria-hidden="true" />
                            <div>
                                <b>{titleOf(fault.kind)}</b>
                                <p class="quiet">{describe(fault)}</p>
                            </div>
                            <span class="quiet">
                                {`${fault.hits} of ${fault.count ?? "∞"}`}
                                {fault.remaining_ms != null && `, ${duration(fault.remaining_ms)} left`}
                            </span>
                            <Act icon="close" label={`Remove fault ${fault.id}, ${fault.kind}`} onClick={() => remove(`/faults/${fault.id}`)} />
                        </li>
                    ))}
                    {faults.value.length > 1 && (
                        <button onClick={() => remove("/faults")}>Remove all</button>
                    )}
                </ul>
            )}
            <Form />
        </div>
    );
}
