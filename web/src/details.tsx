// One entry of the timeline: its JSON, its bytes, and ways to do it again.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { load } from "./draft";
import { bytes, clockTime, duration, fromBase64, hexRows, shellWord } from "./format";
import { selected, type Entry } from "./journal";
import { copy, state } from "./store";
import { Act, Icon } from "./ui";

const maxCharacters = 100_000;
const maxHexRows = 512;
const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** JSON with its parts marked for the style sheet. */
function Code({ text }: { text: string }) {
    const shown = text.slice(0, maxCharacters);
    const parts: ComponentChildren[] = [];
    let at = 0;
    for (const match of shown.matchAll(token)) {
        const [whole, string, colon] = match;
        parts.push(shown.slice(at, match.index), <span class={string ? (colon ? "key" : "string") : "value"}>{string ?? whole}</span>, colon);
        at = match.index + whole.length;
    }
    parts.push(shown.slice(at));
    if (text.length > shown.length) parts.push(`\n… ${bytes(text.length - shown.length)} more`);
    return <pre class="code">{parts}</pre>;
}

function Hex({ data }: { data: Uint8Array }) {
    const rows = hexRows(data, maxHexRows);
    const rest = data.length - rows.length * 16;
    return (
        <pre class="hex">
            {rows.map(([offset, hex, text]) => (
                <div key={offset}>
                    <i>{offset}</i> {hex} <b>{text}</b>
                </div>
            ))}
            {rest > 0 && `… ${bytes(rest)} more`}
        </pre>
    );
}

function curl(entry: Entry, body: unknown): string {
    const parts = ["curl", "-X", entry.method, shellWord(`${state.value?.addresses.rest}${entry.path}`), '-H "Authorization: Bearer $INTENT_TOKEN"'];
    if (body != null) parts.push("-H 'Content-Type: application/json'", "-d", shellWord(JSON.stringify(body)));
    return parts.join(" ");
}

const trigger = (entry: Entry, data: unknown) =>
    `printf %s ${shellWord(JSON.stringify(data))} | intent trigger ${entry.t} --url ${location.origin} --data -`;

export function Details({ entry }: { entry: Entry }) {
    const line = JSON.parse(entry.raw);
    const data = line.bytes ? fromBase64(line.bytes) : null;
    const view = useSignal(line.kind === "frame" && line.op == null ? "Bytes" : "JSON");
    const { op, t, s, request, response } = line;
    const contents = { frame: { op, t, s, d: line.data }, request: { request, response } }[line.kind as string] ?? line;
    const text = JSON.stringify(contents, null, 2);
    const facts = [
        clockTime(entry.time),
        line.connection != null && `connection ${line.connection}`,
        line.session != null && `session ${line.session}`,
        entry.user,
        entry.size != null && bytes(entry.size),
        entry.ms != null && duration(entry.ms),
        line.bucket && `bucket ${line.bucket}, ${line.remaining} left`,
        line.fault != null && `fault ${line.fault}`,
    ];
    return (
        <section class="details" id="details" tabIndex={-1} aria-label="Details">
            <header>
                <h2>
                    {entry.name} {entry.what}
                    {entry.status != null && <span class={entry.status < 400 ? "tag good" : "tag bad"}>{entry.status}</span>}
                </h2>
                <p class="quiet">{facts.filter(Boolean).join(" · ")}</p>
                <div class="row">
                    {data && (
                        <div class="switch" role="group" aria-label="View">
                            {["JSON", "Bytes"].map((name) => (
                                <button key={name} aria-pressed={view.value === name} onClick={() => (view.value = name)}>
                                    {name}
                                </button>
                            ))}
                        </div>
                    )}
                    <button onClick={() => copy(text, "JSON")}>
                        <Icon name="copy" /> JSON
                    </button>
                    {entry.kind === "request" && (
                        <button onClick={() => copy(curl(entry, line.request), "curl command")}>
                            <Icon name="copy" /> curl
                        </button>
                    )}
                    {entry.t && (
                        <>
                            <button onClick={() => copy(trigger(entry, line.data), "intent trigger command")}>
                                <Icon name="copy" /> intent trigger
                            </button>
                            <button onClick={() => load(entry.t!, line.data)}>
                                <Icon name="again" /> Dispatch again
                            </button>
                        </>
                    )}
                </div>
                <Act icon="close" label="Close the details" hint="(Esc)" class="close" onClick={() => (selected.value = null)} />
            </header>
            <div class="scroll" tabIndex={0} role="region" aria-label="Contents">
                {view.value === "Bytes" && data ? <Hex data={data} /> : <Code text={text} />}
            </div>
        </section>
    );
}
