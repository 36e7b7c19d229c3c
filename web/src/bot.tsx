// A bot's own metrics, which the sandbox reads for the page from the bot's endpoint.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { request } from "./api";
import { bytes, duration } from "./format";
import { growth, History, quantile, rate, read, sum, valuesOf, type Reading } from "./metrics";
import { remembered } from "./store";
import { bound, onSubmit } from "./ui";

const everyMs = 2000;
const shortMs = 10_000; // for rates: follows what happens
const longMs = 60_000; // for distributions: has enough observations

const address = remembered("bot-address", "127.0.0.1:9464");
/** The address whose metrics are shown; empty: none. */
const watched = remembered("bot-watched", "");
const history = signal(new History(longMs));
const problem = signal("");

async function look(): Promise<void> {
    const of = watched.value;
    try {
        const text = await (await request("GET", `/bot-metrics?address=${encodeURIComponent(of)}`)).text();
        if (of !== watched.value) return;
        const next = new History(longMs);
        next.readings = history.value.readings;
        next.add(read(text, performance.now()));
        history.value = next;
        problem.value = next.newest!.samples.has("intent_gateway_ready") ? "" : "These are not the metrics of a bot of this library.";
    } catch (error) {
        if (of === watched.value) problem.value = (error as Error).message;
    }
}

function watch(of: string): void {
    watched.value = of;
    history.value = new History(longMs);
    problem.value = "";
}

/** Reads the metrics as long as they are shown. */
function useMetrics(): void {
    const of = watched.value;
    useEffect(() => {
        if (!of) return;
        let timer = 0;
        let over = false;
        const run = async () => {
            if (!document.hidden) await look();
            if (!over) timer = window.setTimeout(run, everyMs);
        };
        void run();
        return () => {
            over = true;
            clearTimeout(timer);
        };
    }, [of]);
}

const perSecond = (value: number | undefined) => (value === undefined ? "–" : `${value < 10 ? +value.toFixed(1) : Math.round(value)}/s`);
const seconds = (value: number | undefined) => duration(value === undefined ? undefined : value * 1000);
const count = (value: number | undefined) => (value === undefined ? "–" : value.toLocaleString("en"));

/** "2 ms, 99 %: 9 ms": the median and the slowest in a hundred of the last minute. */
function spread(from: Reading, to: Reading, name: string, match = {}): string {
    const median = quantile(from, to, name, 0.5, match);
    return median === undefined ? "–" : `${seconds(median)}, 99 %: ${seconds(quantile(from, to, name, 0.99, match))}`;
}

const Figure = ({ name, title, bad, children }: { name: string; title?: string; bad?: boolean; children: preact.ComponentChildren }) => (
    <div class="figure" title={title}>
        <dt>{name}</dt>
        <dd class={bad ? "bad" : ""}>{children}</dd>
    </div>
);

/** The events per second of the last minute as a line. */
function Line({ readings }: { readings: Reading[] }) {
    const rates = readings.slice(1).map((to, at) => rate(readings[at]!, to, "intent_events_total") ?? 0);
    if (rates.length < 2) return null;
    const top = Math.max(...rates, 1e-9);
    const points = rates.map((value, at) => `${((at / (rates.length - 1)) * 100).toFixed(1)},${(23 - (value / top) * 22).toFixed(1)}`);
    return (
        <svg class="line" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={points.join(" ")} />
        </svg>
    );
}

function Figures({ readings, now, short, long }: { readings: Reading[]; now: Reading; short: Reading; long: Reading }) {
    const ready = sum(now, "intent_gateway_ready") === 1;
    const gaps = sum(now, "intent_gateway_gaps_total");
    const waits = rate(long, now, "intent_limiter_wait_seconds_count");
    return (
        <dl class="figures">
            <Figure name="Session" bad={!ready}>
                {ready ? "Ready" : "Not ready"}
            </Figure>
            <Figure name="Events">
                {perSecond(rate(short, now, "intent_events_total"))}
                <Line readings={readings} />
            </Figure>
            <Figure name="Lag" title="From the arrival of an event until its handler starts, in the last minute">
                {spread(long, now, "intent_event_lag_seconds")}
            </Figure>
            <Figure name="Queue">
                {`${count(sum(now, "intent_queue_events"))} events, ${bytes(sum(now, "intent_queue_bytes")) || "–"}`}
            </Figure>
            <Figure name="Gaps" title="How often events were lost since the start" bad={(gaps ?? 0) > 0}>
                {count(gaps)}
            </Figure>
            <Figure name="Reconnects" title="Since the start">
                {count(sum(now, "intent_gateway_reconnects_total"))}
            </Figure>
            <Figure name="Limiter waits" title="REST calls that waited for a rate limit, in the last minute">
                {waits ? `${perSecond(waits)}, ${spread(long, now, "intent_limiter_wait_seconds")}` : "none"}
            </Figure>
            <Figure name="Loop lag" title="How late the I/O thread is, in the last minute">
                {spread(long, now, "intent_loop_lag_seconds")}
            </Figure>
            <Figure name="Memory">{bytes(sum(now, "process_resident_memory_bytes")) || "–"}</Figure>
            <Figure name="CPU">{`${((rate(short, now, "process_cpu_seconds_total") ?? 0) * 100).toFixed(1)} %`}</Figure>
        </dl>
    );
}

interface TableProps {
    caption: string;
    columns: string[];
    rows: { key: string; bad?: boolean; cells: string[] }[];
    empty: string;
}

const Table = ({ caption, columns, rows, empty }: TableProps) => (
    <table class="numbers">
        <caption>{caption}</caption>
        <thead>
            <tr>
                {columns.map((column) => (
                    <th key={column} scope="col">
                        {column}
                    </th>
                ))}
            </tr>
        </thead>
        <tbody>
            {rows.map(({ key, bad, cells }) => (
                <tr key={key} class={bad ? "bad" : ""}>
                    <th scope="row">{key}</th>
                    {cells.map((cell, at) => (
                        <td key={at}>{cell}</td>
                    ))}
                </tr>
            ))}
            {rows.length === 0 && (
                <tr>
                    <td class="quiet" colSpan={columns.length}>
                        {empty}
                    </td>
                </tr>
            )}
        </tbody>
    </table>
);

function Tables({ now, short, long }: { now: Reading; short: Reading; long: Reading }) {
    const calls = "intent_rest_requests_total";
    const handlers = "intent_handler_duration_seconds";
    const errors = "intent_handler_errors_total";
    const commands = "intent_commands_total";
    const events = [...new Set([...valuesOf(now, `${handlers}_count`, "event"), ...valuesOf(now, errors, "event")])].sort();
    return (
        <>
            <Table
                caption="REST calls"
                columns={["Status", "Rate", "Last minute", "Total"]}
                empty="No calls yet."
                rows={valuesOf(now, calls, "status").map((status) => ({
                    key: status,
                    bad: !/^[23]/.test(status),
                    cells: [
                        perSecond(rate(short, now, calls, { status })),
                        count(growth(long, now, calls, { status })),
                        count(sum(now, calls, { status })),
                    ],
                }))}
            />
            <p class="quiet">{`Duration of calls in the last minute: ${spread(long, now, "intent_rest_request_duration_seconds")}`}</p>
            <Table
                caption="Handlers"
                columns={["Event", "Rate", "Duration in the last minute", "Total", "Errors"]}
                empty="No handler has run yet."
                rows={events.map((event) => ({
                    key: event,
                    bad: growth(long, now, errors, { event }) > 0,
                    cells: [
                        perSecond(rate(short, now, `${handlers}_count`, { event })),
                        spread(long, now, handlers, { event }),
                        count(sum(now, `${handlers}_count`, { event })),
                        count(sum(now, errors, { event }) ?? 0),
                    ],
                }))}
            />
            {now.samples.has(commands) && (
                <Table
                    caption="Commands"
                    columns={["Command", "Total", "Not ok"]}
                    empty=""
                    rows={valuesOf(now, commands, "command").map((command) => {
                        const total = sum(now, commands, { command }) ?? 0;
                        return { key: command, cells: [count(total), count(total - (sum(now, commands, { command, outcome: "ok" }) ?? 0))] };
                    })}
                />
            )}
        </>
    );
}

function Content() {
    const now = history.value.newest;
    if (problem.value)
        return (
            <p class="note bad" role="status">
                {problem.value}
            </p>
        );
    if (!now)
        return (
            <p class="note" role="status">
                Reading…
            </p>
        );
    const short = history.value.since(shortMs)!;
    const long = history.value.since(longMs)!;
    return (
        <>
            <Figures readings={history.value.readings} now={now} short={short} long={long} />
            <Tables now={now} short={short} long={long} />
        </>
    );
}

export function Bot() {
    useMetrics();
    return (
        <div class="pane">
            <form class="fields endpoint" onSubmit={onSubmit(() => watch(address.value.trim()))}>
                <label>
                    Address of the bot's metrics
                    <input id="bot-address" {...bound(address)} autocomplete="off" spellcheck={false} required />
                </label>
                <button class="main">Show</button>
                {watched.value && (
                    <button type="button" onClick={() => watch("")}>
                        Stop
                    </button>
                )}
            </form>
            {watched.value ? (
                <Content />
            ) : (
                <div class="note">
                    <p>A bot on this machine serves its metrics if this is set in its shell:</p>
                    <pre class="code">{`export INTENT_METRICS=${address.value}`}</pre>
                </div>
            )}
        </div>
    );
}
