// A bot's own metrics, which the sandbox reads for the page from the bot's endpoint.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { request } from "./api";
import { bytes, duration } from "./format";
import { growth, History, quantile, rate, read, sum, valuesOf, type Reading } from "./metrics";
import { remembered } from "./store";
import { bound, onSubmit } from "./ui";

/** docs/metrics.md lists them all. */
const names = {
    state: "intent_gateway_state",
    events: "intent_gateway_events_total",
    waits: "intent_rest_limit_wait_seconds",
    calls: "intent_rest_requests_total",
    failures: "intent_rest_failures_total",
    callTime: "intent_rest_request_duration_seconds",
    handled: "intent_handler_events_total",
    handlerTime: "intent_handler_duration_seconds",
    handlerErrors: "intent_handler_errors_total",
    commands: "intent_command_invocations_total",
    commandTime: "intent_command_duration_seconds",
};

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
        problem.value = next.newest!.samples.has(names.state) ? "" : "These are not the metrics of a bot of this library.";
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

/** The newest reading, and those that rates and distributions begin at. */
interface Span {
    now: Reading;
    short: Reading;
    long: Reading;
}

const perSecond = (value: number | undefined) => (value === undefined ? "–" : `${value < 10 ? +value.toFixed(1) : Math.round(value)}/s`);
const seconds = (value: number | undefined) => duration(value === undefined ? undefined : value * 1000);
const count = (value: number | undefined) => (value === undefined ? "–" : value.toLocaleString("en"));

/** "2 ms (99 %: 9 ms)": the median and the slowest in a hundred of the last minute. */
function spread(from: Reading, to: Reading, name: string, match = {}): string {
    const median = quantile(from, to, name, 0.5, match);
    return median === undefined ? "–" : `${seconds(median)} (99 %: ${seconds(quantile(from, to, name, 0.99, match))})`;
}

const Figure = ({ name, title, bad, children }: { name: string; title?: string; bad?: boolean; children: preact.ComponentChildren }) => (
    <div class="figure" title={title}>
        <dt>{name}</dt>
        <dd class={bad ? "bad" : ""}>{children}</dd>
    </div>
);

/** The events per second of the last minute as a line. */
function Line({ readings }: { readings: Reading[] }) {
    const rates = readings.slice(1).map((to, at) => rate(readings[at]!, to, names.events) ?? 0);
    if (rates.length < 2) return null;
    const top = Math.max(...rates, 1e-9);
    const points = rates.map((value, at) => `${((at / (rates.length - 1)) * 100).toFixed(1)},${(23 - (value / top) * 22).toFixed(1)}`);
    return (
        <svg class="line" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={points.join(" ")} />
        </svg>
    );
}

function Figures({ readings, now, short, long }: Span & { readings: Reading[] }) {
    const state = now.samples.get(names.state)?.find(({ value }) => value === 1)?.labels.state ?? "unknown";
    const gaps = sum(now, "intent_gateway_gaps_total");
    const waits = rate(long, now, `${names.waits}_count`);
    const paused = sum(now, "intent_queue_paused") === 1;
    const cpu = rate(short, now, "process_cpu_seconds_total");
    return (
        <dl class="figures">
            <Figure name="Session" bad={state !== "ready"}>
                {state.replace("_", " ")}
            </Figure>
            <Figure name="Events">
                {perSecond(rate(short, now, names.events))}
                <Line readings={readings} />
            </Figure>
            <Figure name="Lag" title="Age of the oldest event that waits or is being handled">
                {seconds(sum(now, "intent_queue_lag_seconds"))}
            </Figure>
            <Figure name="Queue" title="Events that wait for a handler thread" bad={paused}>
                {`${count(sum(now, "intent_queue_events"))} events, ${bytes(sum(now, "intent_queue_bytes")) || "–"}${paused ? ", full" : ""}`}
            </Figure>
            <Figure name="Gaps" title="How often events were lost since the start" bad={(gaps ?? 0) > 0}>
                {count(gaps)}
            </Figure>
            <Figure name="Reconnects" title="Since the start">
                {count(sum(now, "intent_gateway_reconnects_total"))}
            </Figure>
            <Figure name="Round trip" title="Of the last heartbeat">
                {seconds(sum(now, "intent_gateway_heartbeat_round_trip_seconds"))}
            </Figure>
            <Figure name="Limiter waits" title="How long calls waited for rate limits in the last minute">
                {waits ? spread(long, now, names.waits) : "none"}
            </Figure>
            <Figure name="Loop lag" title="How long the I/O thread took to react">
                {seconds(sum(now, "intent_loop_lag_seconds"))}
            </Figure>
            <Figure name="Memory">{bytes(sum(now, "process_resident_memory_bytes")) || "–"}</Figure>
            <Figure name="CPU">{cpu === undefined ? "–" : `${(cpu * 100).toFixed(1)} %`}</Figure>
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

function Calls({ now, short, long }: Span) {
    const row = (name: string, label: string) => (key: string) => ({
        key,
        bad: !/^[23]/.test(key) && growth(long, now, name, { [label]: key }) > 0,
        cells: [
            perSecond(rate(short, now, name, { [label]: key })),
            count(growth(long, now, name, { [label]: key })),
            count(sum(now, name, { [label]: key })),
        ],
    });
    return (
        <>
            <Table
                caption="REST calls"
                columns={["Status", "Rate", "Last minute", "Total"]}
                empty="No calls yet."
                rows={[
                    ...valuesOf(now, names.calls, "status").map(row(names.calls, "status")),
                    ...valuesOf(now, names.failures, "reason").map(row(names.failures, "reason")),
                ]}
            />
            <p class="quiet">{`Duration in the last minute: ${spread(long, now, names.callTime)}`}</p>
        </>
    );
}

function Handlers({ now, short, long }: Span) {
    const events = [...new Set([...valuesOf(now, names.handled, "event"), ...valuesOf(now, names.handlerErrors, "event")])].sort();
    return (
        <Table
            caption="Handlers"
            columns={["Event", "Rate", "Duration in the last minute", "Total", "Errors"]}
            empty="No handler has run yet."
            rows={events.map((event) => ({
                key: event,
                bad: growth(long, now, names.handlerErrors, { event }) > 0,
                cells: [
                    perSecond(rate(short, now, names.handled, { event })),
                    spread(long, now, names.handlerTime, { event }),
                    count(sum(now, names.handled, { event }) ?? 0),
                    count(sum(now, names.handlerErrors, { event }) ?? 0),
                ],
            }))}
        />
    );
}

function Commands({ now, long }: Span) {
    return (
        <Table
            caption="Commands"
            columns={["Command", "Duration in the last minute", "Total", "Not ok"]}
            empty=""
            rows={valuesOf(now, names.commands, "command").map((command) => {
                const total = sum(now, names.commands, { command }) ?? 0;
                const good = sum(now, names.commands, { command, outcome: "ok" }) ?? 0;
                return { key: command || "(unknown)", cells: [spread(long, now, names.commandTime, { command }), count(total), count(total - good)] };
            })}
        />
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
    const span = { now, short: history.value.since(shortMs)!, long: history.value.since(longMs)! };
    return (
        <>
            <Figures readings={history.value.readings} {...span} />
            <Calls {...span} />
            <Handlers {...span} />
            {now.samples.has(names.commands) && <Commands {...span} />}
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
