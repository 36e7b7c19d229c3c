// Sessions with the pulse of their connections, and what is left in each bucket.

import { add } from "./faults";
import { bytes, duration } from "./format";
import { buckets, sessions, state } from "./store";
import type { Session } from "./types";

const Fact = ({ name, children }: { name: string; children: preact.ComponentChildren }) => (
    <div>
        <dt>{name}</dt>
        <dd>{children}</dd>
    </div>
);

const actions = [
    ["Drop", "drop"],
    ["Op 6", "reconnect"],
    ["Op 8", "invalid_session"],
] as const;

function Card({ session }: { session: Session }) {
    const interval = Number(state.value?.options?.heartbeat_interval_ms ?? 0);
    const age = session.heartbeat_age_ms;
    return (
        <li>
            <header>
                <span class={session.connected ? "dot" : "dot off"} aria-hidden="true" />
                <b>{session.user}</b>
                <span class="quiet">
                    session {session.id}, {session.connected ? `connection ${session.connection}` : "no connection, can be resumed"}
                </span>
                {session.connected && (
                    <span class="row end">
                        {actions.map(([label, kind]) => (
                            <button key={kind} onClick={() => add({ kind, match: { session: session.id } })}>
                                {label}
                            </button>
                        ))}
                    </span>
                )}
            </header>
            <dl>
                <Fact name="Last heartbeat">{age == null ? "–" : `${duration(age)} ago`}</Fact>
                <Fact name="Round trip">{duration(session.round_trip_ms)}</Fact>
                <Fact name="Sequence">{session.seq}</Fact>
                <Fact name="Queued">{bytes(session.queued_bytes)}</Fact>
                <Fact name="Kept events">{session.kept_events}</Fact>
            </dl>
            {interval > 0 && age != null && (
                <meter max={interval * 3} high={interval * 1.2} optimum={0} value={age} aria-label={`Heartbeat of session ${session.id}: ${duration(age)} of ${duration(interval)}`} />
            )}
        </li>
    );
}

export function Sessions() {
    return (
        <div class="pane">
            {sessions.value.length === 0 ? (
                <div class="note">
                    <p>No bot is connected. In its shell:</p>
                    <pre class="code">
                        {`export INTENT_GATEWAY_URL=${state.value?.addresses.gateway ?? ""}\nexport INTENT_REST_URL=${state.value?.addresses.rest ?? ""}\nexport INTENT_TOKEN=…   # printed by intent sandbox`}
                    </pre>
                </div>
            ) : (
                <ul class="cards" aria-label="Sessions">
                    {sessions.value.map((session) => (
                        <Card key={session.id} session={session} />
                    ))}
                </ul>
            )}
        </div>
    );
}

export function Limits() {
    return (
        <div class="pane">
            {buckets.value.length === 0 ? (
                <p class="note">No bucket is in use. They appear with the first calls of a bot.</p>
            ) : (
                <ul class="cards" aria-label="Buckets">
                    {buckets.value.map((bucket) => (
                        <li key={`${bucket.id} ${bucket.user}`} class="bucket">
                            <code>{bucket.id}</code>
                            <span class="quiet">{bucket.user}</span>
                            <meter
                                max={bucket.limit}
                                low={Math.min(1, bucket.limit - 1)}
                                optimum={bucket.limit}
                                value={bucket.remaining}
                                aria-label={`${bucket.id} of ${bucket.user}`}
                            />
                            <span class="number">{`${bucket.remaining} of ${bucket.limit}`}</span>
                            <span class="number quiet">{bucket.reset_ms > 0 ? duration(bucket.reset_ms) : "full"}</span>
                        </li>
                    ))}
                </ul>
            )}
        </div>
    );
}
