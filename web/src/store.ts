// What the page knows of the sandbox, and how it stays true.

import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { control, list } from "./api";
import type { Bucket, Channel, Fault, FaultTable, Server, Session, State, User } from "./types";

export const state = signal<State | null>(null);
export const users = signal<User[]>([]);
export const sessions = signal<Session[]>([]);
export const faults = signal<Fault[]>([]);
export const faultKinds = signal<FaultTable | null>(null);
export const buckets = signal<Bucket[]>([]);
export const serverId = signal("");
export const channelId = signal("");

export type Tab = "chat" | "timeline" | "event" | "faults" | "limits" | "sessions" | "bot";
export const tab = signal<Tab>("timeline");

export function remembered(key: string, start: string) {
    const value = signal(start);
    try {
        value.value = localStorage.getItem(key) ?? start;
    } catch {} // storage is switched off: nothing is remembered
    effect(() => {
        const text = value.value;
        try {
            localStorage.setItem(key, text);
        } catch {}
    });
    return value;
}

export const speaker = remembered("speaker", "alice");
export const theme = remembered("theme", "auto");

export const me = computed(() => users.value.find((user) => user.username === speaker.value));
export const server = computed(() => state.value?.servers.find((one) => one.id === serverId.value));
export const channel = computed(() => server.value?.channels.find((one) => one.id === channelId.value));
/** The text channels of all servers. */
export const rooms = computed(() => state.value?.servers.flatMap((one) => one.channels.filter((place) => place.type === 0)) ?? []);
export function show(place: Channel): void {
    batch(() => {
        serverId.value = place.server_id;
        channelId.value = place.id;
    });
}
export const nameOf = (user: User) => user.display_name || user.username;

/** A word for whoever looks or listens; errors stay until the next. */
export const notice = signal<{ text: string; bad: boolean } | null>(null);
let fade = 0;
export function tell(text: string, bad = false): void {
    notice.value = { text, bad };
    clearTimeout(fade);
    fade = setTimeout(() => (notice.value = null), bad ? 8000 : 2500);
}

/** Runs what the user asked for, and tells what went wrong. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
        return await work();
    } catch (error) {
        tell((error as Error).message, true);
        return undefined;
    }
}

export async function copy(text: string, what: string): Promise<void> {
    await attempt(async () => {
        await navigator.clipboard.writeText(text);
        tell(`${what} copied`);
    });
}

function choose(servers: Server[]): void {
    const now = servers.find((one) => one.id === serverId.value);
    if (now?.channels.some((one) => one.id === channelId.value)) return;
    const next = rooms.value.find((one) => one.server_id === now?.id) ?? rooms.value[0];
    batch(() => {
        serverId.value = next?.server_id ?? "";
        channelId.value = next?.id ?? "";
    });
}

export async function loadState(): Promise<void> {
    const [found, people] = await Promise.all([control<State>("GET", "/state"), control<unknown>("GET", "/users")]);
    batch(() => {
        state.value = found;
        users.value = list<User>(people);
        choose(found.servers);
        if (!me.value) speaker.value = (users.value.find((user) => !user.bot) ?? users.value[0])?.username ?? "";
    });
}

export async function loadFaults(): Promise<void> {
    faults.value = list<Fault>(await control("GET", "/faults"));
}

/** Assigns only what has changed, so that nothing is drawn for nothing. */
function update<T>(target: Signal<T>, next: T): void {
    if (JSON.stringify(target.peek()) !== JSON.stringify(next)) target.value = next;
}

async function look(): Promise<void> {
    const [live, broken] = await Promise.all([control("GET", "/sessions"), control("GET", "/faults")]);
    batch(() => {
        update(sessions, list<Session>(live));
        update(faults, list<Fault>(broken));
    });
    if (tab.value === "limits") update(buckets, list<Bucket>(await control("GET", "/buckets")));
}

/** Keeps an eye on the sandbox while somebody looks at the page; `every` also runs, for what else is to be kept true. */
export async function watch(every: () => Promise<void>): Promise<never> {
    let turn = 0;
    for (;;) {
        try {
            if (turn === 0) faultKinds.value = await control<FaultTable>("GET", "/fault-kinds");
            if (turn % 5 === 0) await loadState();
            ++turn;
            await every();
            await look();
        } catch {
            turn = 0;
        }
        await new Promise((resolve) => setTimeout(resolve, document.hidden ? 5000 : 1000));
    }
}
