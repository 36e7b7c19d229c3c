// Dispatches any event, or sends any other frame, with any payload.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { control } from "./api";
import { opNames, plural } from "./format";
import * as draft from "./draft";
import { attempt, channelId, me, sessions, tell } from "./store";
import { Icon, Select, bound, onSubmit, valueOf } from "./ui";

const target = signal("");
const custom = signal("");

/** "session 3" or "user bot", as the API takes it. */
export function targeted(value: string): { sessions?: number[]; users?: string[] } {
    if (!value) return {};
    const [what, which] = value.split(" ") as [string, string];
    return what === "session" ? { sessions: [Number(which)] } : { users: [which] };
}

export function Targets(props: { value: string; choose: (value: string) => void; label: string }) {
    const names = [...new Set(sessions.value.map((session) => session.user))];
    return (
        <Select {...props}>
            <option value="">every session</option>
            {names.map((name) => (
                <option key={name} value={`user ${name}`}>
                    {name}
                </option>
            ))}
            {sessions.value.map((session) => (
                <option key={session.id} value={`session ${session.id}`}>
                    {`session ${session.id} (${session.user})`}
                </option>
            ))}
        </Select>
    );
}

function problem(): string {
    try {
        JSON.parse(draft.text.value);
        return "";
    } catch (error) {
        return (error as Error).message;
    }
}

async function dispatch(): Promise<void> {
    if (problem()) return tell(`The payload is no JSON: ${problem()}`, true);
    const data = JSON.parse(draft.text.value);
    const frame = draft.kind.value in draft.frames;
    const name = draft.kind.value === "custom" ? custom.value : draft.kind.value;
    const body = { ...(frame ? { op: +name } : { event: name }), data, ...targeted(target.value) };
    const sent = await attempt(() => control<{ sessions: number }>("POST", frame ? "/frames" : "/events", body));
    if (sent) tell(`${frame ? opNames[+name] : name} sent to ${plural(sent.sessions, "session")}`);
}

export function Compose() {
    // As long as nobody has written into it, the template follows channel and speaker.
    useEffect(() => {
        if (draft.untouched.value) draft.choose(draft.kind.value);
    }, [channelId.value, me.value?.id]);
    const wrong = problem();
    return (
        <form class="compose fields" onSubmit={onSubmit(dispatch)}>
            <div class="pair">
                <label>
                    Event
                    <Select id="event" value={draft.kind.value} choose={draft.choose}>
                        <optgroup label="Events">
                            {Object.keys(draft.events).map((name) => (
                                <option key={name}>{name}</option>
                            ))}
                            <option value="custom">Another event…</option>
                        </optgroup>
                        <optgroup label="Other frames">
                            {Object.keys(draft.frames).map((name) => (
                                <option key={name} value={name}>{`op ${name} ${opNames[+name]}`}</option>
                            ))}
                        </optgroup>
                    </Select>
                </label>
                <label>
                    To
                    <Targets label="To" value={target.value} choose={(value) => (target.value = value)} />
                </label>
            </div>
            {draft.kind.value === "custom" && (
                <label>
                    Name of the event
                    <input required {...bound(custom)} />
                </label>
            )}
            <label class="grow">
                Payload
                <textarea
                    id="payload"
                    class="code"
                    spellcheck={false}
                    aria-invalid={wrong !== ""}
                    aria-describedby="payload-note"
                    value={draft.text.value}
                    onInput={(event) => {
                        draft.text.value = valueOf(event);
                        draft.untouched.value = false;
                    }}
                    onKeyDown={(event) => {
                        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                            event.preventDefault();
                            void dispatch();
                        }
                    }}
                />
            </label>
            <p id="payload-note" class={wrong ? "note bad" : "note"} role="status">
                {wrong || "Goes out as it stands here."}
            </p>
            <p class="row">
                <button class="main">
                    <Icon name="send" /> Dispatch <kbd>Ctrl Enter</kbd>
                </button>
                <button type="button" onClick={() => draft.choose(draft.kind.value)}>
                    <Icon name="again" /> Template
                </button>
            </p>
        </form>
    );
}
