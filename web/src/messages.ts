// The messages of the channel that is shown: loaded by pages, kept true by what the journal tells and a slow poll.

import { batch, effect, signal } from "@preact/signals";
import { as, list } from "./api";
import type { Entry } from "./journal";
import { attempt, channelId, loadState, me, nameOf, speaker, users } from "./store";
import type { Message } from "./types";

const page = 50;
/** Beyond this the oldest are let go; scrolling back fetches them again. */
const maxMessages = 5000;
const typingMs = 10_000; // protocol §7

export const messages = signal<Message[]>([]); // oldest first
export const complete = signal(false); // the first message of the channel is there
export const editing = signal("");
export const typing = signal<string[]>([]); // names, in the shown channel

const compare = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
const path = (rest = "") => `/channels/${channelId.peek()}/messages${rest}`;

async function fetchPage(query: string): Promise<Message[]> {
    return list<Message>(await as(speaker.peek(), "GET", path(query))).reverse();
}

/** The newest page replaces what it covers, so that edits and deletions show as well. */
export async function refresh(): Promise<void> {
    const place = channelId.peek();
    if (!place || !me.peek()) return;
    const newest = await fetchPage(`?limit=${page}`);
    if (place !== channelId.peek()) return;
    const first = newest[0]?.id;
    const whole = newest.length < page;
    const older = whole || !first ? [] : messages.peek().filter((one) => compare(one.id, first) < 0);
    // A page further on with nothing in common: what lies between is unknown, so start over.
    const joined = older.length > 0 && !messages.peek().some((one) => one.id === first) ? [] : older;
    const next = joined.concat(newest).slice(-maxMessages);
    if (JSON.stringify(next) === JSON.stringify(messages.peek())) return;
    batch(() => {
        if (joined.length === 0 || next.length === maxMessages) complete.value = whole;
        messages.value = next;
    });
}

let loading = false;
export async function loadOlder(): Promise<void> {
    const first = messages.peek()[0];
    if (loading || complete.peek() || !first) return;
    loading = true;
    await attempt(async () => {
        const older = await fetchPage(`?limit=${page}&before=${first.id}`);
        if (messages.peek()[0]?.id !== first.id) return;
        batch(() => {
            complete.value = older.length < page;
            messages.value = older.concat(messages.peek());
        });
    });
    loading = false;
}

// Another channel, or another pair of eyes: what was loaded is not theirs.
effect(() => {
    channelId.value;
    speaker.value;
    me.value?.id;
    batch(() => {
        messages.value = [];
        complete.value = false;
        editing.value = "";
        typing.value = [];
    });
    void refresh().catch(() => {});
});

export async function send(content: string): Promise<boolean> {
    told = 0;
    const sent = await attempt(() => as<Message>(speaker.value, "POST", path(), { content }));
    if (sent) await refresh().catch(() => {});
    return sent !== undefined;
}

export async function edit(message: Message, content: string): Promise<boolean> {
    const edited = await attempt(() => as<Message>(speaker.value, "PATCH", path(`/${message.id}`), { content }));
    if (edited) messages.value = messages.value.map((one) => (one.id === edited.id ? edited : one));
    return edited !== undefined;
}

/** Begins to edit the speaker's last message, if there is one. */
export const editLast = () => (editing.value = messages.value.findLast((one) => one.author.id === me.value?.id)?.id ?? "");

export async function remove(message: Message): Promise<void> {
    const gone = await attempt(async () => {
        await as(speaker.value, "DELETE", path(`/${message.id}`));
        return true;
    });
    if (gone) messages.value = messages.value.filter((one) => one.id !== message.id);
}

let told = 0;
/** Says that the speaker is typing; often called, seldom sent. */
export function tellTyping(): void {
    if (Date.now() - told < typingMs * 0.8) return;
    told = Date.now();
    void as(speaker.value, "POST", `/channels/${channelId.value}/typing`).catch(() => {});
}

// Who types where ("3001 alice"), and until when.
const until = new Map<string, number>();

function showTyping(): void {
    const names = new Set<string>();
    for (const [key, end] of until) {
        const [place, who] = key.split(" ");
        const user = users.value.find((one) => one.id === who || one.username === who);
        if (end < Date.now()) until.delete(key);
        else if (place === channelId.value && user && user !== me.value) names.add(nameOf(user));
    }
    if ([...names].join() !== typing.value.join()) typing.value = [...names];
}
setInterval(showTyping, 500);

function noteTyping(entry: Entry): void {
    const [, place, what] = /^\/channels\/(\d+)\/(typing|messages)$/.exec(entry.path ?? "") ?? [];
    if (what === "typing") until.set(`${place} ${entry.user}`, entry.time + typingMs);
    if (what === "messages") until.delete(`${place} ${entry.user}`);
    if (entry.t !== "TYPING_START" && entry.t !== "MESSAGE_CREATE") return;
    const { data } = JSON.parse(entry.raw);
    const { channel_id, user_id, author } = data?.message ?? data ?? {};
    if (user_id) until.set(`${channel_id} ${user_id}`, entry.time + typingMs);
    // Who has spoken is no longer typing.
    if (author) for (const who of [author.id, author.username]) until.delete(`${channel_id} ${who}`);
}

let pending = 0;
/** What went over the wire tells what to look at again. */
export function onJournal(entries: Entry[]): void {
    let look = false;
    let structure = false;
    for (const entry of entries) {
        const subject = entry.t ?? entry.path ?? "";
        if (entry.method === "GET") continue;
        look ||= /^MESSAGE_|\/messages/.test(subject);
        structure ||= entry.kind === "connection" || /^(SERVER|CHANNEL|MEMBER|PRESENCE)_|^\/servers|^\/channels\/\d+$/.test(subject);
        if (Date.now() - entry.time < typingMs) noteTyping(entry);
    }
    showTyping();
    if (!look && !structure) return;
    clearTimeout(pending);
    pending = setTimeout(() => {
        if (look) refresh().catch(() => {});
        if (structure) loadState().catch(() => {});
    }, 30);
}
