// Faults: four quick ones, a form for every kind, and the list of active faults. The kinds come from the control API.

import { signal } from "@preact/signals";
import { control } from "./api";
import { Targets } from "./compose";
import { duration, plural } from "./format";
import { attempt, faultKinds, faults, loadFaults, sessions, tell } from "./store";
import type { Fault, FaultKind, FaultParameter } from "./types";
import { Act, onSubmit, Select } from "./ui";

const kindOf = (name: string) => faultKinds.value?.kinds.find((kind) => kind.name === name);
const titleOf = (name: string) => kindOf(name)?.help ?? name;
/** What a fault of this kind can match. */
const matchOf = (name: string): FaultParameter[] => {
    const table = faultKinds.value;
    const names = table?.classes.find((one) => one.name === kindOf(name)?.class)?.match ?? [];
    return names.flatMap((field) => table!.match.find((one) => one.name === field) ?? []);
};

const quickTarget = signal("");

/** The part of `match` that selects this session or user; a kind that cannot match a session gets its user. */
function targetMatch(value: string, kind: string): Record<string, string | number> {
    const [what, which] = value.split(" ");
    if (!which) return {};
    if (what === "user") return { user: which };
    const session = sessions.value.find((one) => String(one.id) === which);
    return matchOf(kind).some((field) => field.name === "session") ? { session: Number(which) } : { user: session?.user ?? "" };
}

export async function add(fault: Record<string, unknown>): Promise<void> {
    const made = await attempt(() => control<Fault>("POST", "/faults", fault));
    if (!made) return;
    tell(`${titleOf(made.kind)}: ${made.hits > 0 ? `applied to ${plural(made.hits, "session")}` : "waits for the next match"}`);
    await attempt(loadFaults);
}

const quick: [string, { kind: string } & Record<string, unknown>][] = [
    ["Drop connection", { kind: "drop" }],
    ["429 next call", { kind: "rate_limit", retry_after: 1 }],
    ["Op 6", { kind: "reconnect" }],
    ["Skip sequence", { kind: "skip_sequence" }],
];

function addQuick(fault: { kind: string } & Record<string, unknown>): Promise<void> {
    const match = targetMatch(quickTarget.value, fault.kind);
    return add(Object.keys(match).length > 0 ? { ...fault, match } : fault);
}
export const dropNow = () => addQuick({ kind: "drop" });

export function QuickFaults() {
    return (
        <div class="quick" role="group" aria-label="Quick faults">
            <Targets label="Target of the quick faults" value={quickTarget.value} choose={(value) => (quickTarget.value = value)} />
            {quick.map(([label, fault]) => (
                <button key={label} onClick={() => addQuick(fault)}>
                    {label}
                </button>
            ))}
        </div>
    );
}

const chosen = signal("rate_limit");

/** A long range would hide the label. */
const rangeOf = ({ type, min, max, unit }: FaultParameter) =>
    [type !== "text" && max != null && max < 10_000 && `${min}-${max}`, unit].filter(Boolean).join(" ");
const labelOf = (parameter: FaultParameter) => [parameter.label, rangeOf(parameter)].filter(Boolean).join(", ");
const isNumber = ({ type }: FaultParameter) => type === "integer" || type === "number";

/** Names below `match` have a dot, as in the errors of the API. */
const Inputs = ({ of, below = "" }: { of: FaultParameter[]; below?: string }) => (
    <div class="grid">
        {of.map((parameter) => (
            <label key={parameter.name} class={parameter.type === "boolean" ? "check" : ""} title={parameter.help}>
                {labelOf(parameter)}
                {parameter.type === "choice" ? (
                    <select name={below + parameter.name}>
                        {parameter.choices?.map((text) => (
                            <option key={text}>{text}</option>
                        ))}
                    </select>
                ) : (
                    <input
                        name={below + parameter.name}
                        {...(parameter.type === "boolean" ? { type: "checkbox" as const } : { inputMode: isNumber(parameter) ? "decimal" : "text" })}
                        defaultValue={parameter.type === "boolean" ? undefined : String(parameter.default ?? parameter.example ?? "")}
                        autocomplete="off"
                    />
                )}
            </label>
        ))}
    </div>
);

/** The form as the API takes it: an empty field is omitted, but an empty count means unlimited. */
function faultOf(form: HTMLFormElement, kind: string, fields: FaultParameter[], match: FaultParameter[]): Record<string, unknown> {
    const data = new FormData(form);
    const filled = (of: FaultParameter[], below = "") =>
        Object.fromEntries(
            of.flatMap((parameter): [string, unknown][] => {
                const text = String(data.get(below + parameter.name) ?? "").trim();
                if (parameter.type === "boolean") return [[parameter.name, text !== ""]];
                // An invalid number is sent as it is: the error of the sandbox names it.
                return text ? [[parameter.name, isNumber(parameter) && !isNaN(+text) ? +text : text]] : [];
            }),
        );
    const matched = filled(match, "match.");
    return { kind, count: null, ...filled(fields), ...(Object.keys(matched).length > 0 && { match: matched }) };
}

const groups: [label: string, has: (kind: FaultKind) => boolean][] = [
    ["REST requests", (kind) => kind.class === "request"],
    ["Gateway", (kind) => kind.class !== "request"],
];

function Form() {
    const table = faultKinds.value;
    const kind = kindOf(chosen.value);
    if (!table || !kind) return null;
    const fields = [...kind.parameters, ...table.options];
    const match = matchOf(kind.name);
    return (
        <form class="fields" onSubmit={onSubmit((form) => add(faultOf(form, kind.name, fields, match)))}>
            <label>
                Fault
                <Select id="kind" value={kind.name} choose={(name) => (chosen.value = name)}>
                    {groups.map(([label, has]) => (
                        <optgroup key={label} label={label}>
                            {table.kinds.filter(has).map(({ name }) => (
                                <option key={name} value={name}>
                                    {titleOf(name)}
                                </option>
                            ))}
                        </optgroup>
                    ))}
                </Select>
            </label>
            <p class="note">{`Applies to ${table.classes.find((one) => one.name === kind.class)?.applies_to}.`}</p>
            <Inputs key={kind.name} of={fields} />
            <fieldset>
                <legend>Match (leave empty for any)</legend>
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
                <p class="note">No active faults.</p>
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
