// Servers and channels, the messages of one, and the place to write.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { control } from "./api";
import { bytes, dayOf, hue, shortTime } from "./format";
import * as log from "./messages";
import { attempt, channel, channelId, loadState, me, nameOf, rooms, show, speaker, state, tell, users } from "./store";
import type { Embed, Message, User } from "./types";
import { Act, onSubmit, Select } from "./ui";

const Face = ({ name }: { name: string }) => (
    <span class="face" aria-hidden="true" style={{ "--hue": hue(name) }}>
        {[...name][0]}
    </span>
);

export const Places = () => (
    <nav class="places" aria-label="Servers and channels">
        {state.value?.servers.map((server) => (
            <section key={server.id}>
                <h2>{server.name}</h2>
                {server.channels.map((one) => (
                    <button key={one.id} class="place" disabled={one.type !== 0} aria-current={one.id === channelId.value} onClick={() => show(one)}>
                        <span aria-hidden="true">{["#", "♪"][one.type]}</span>
                        {one.name}
                    </button>
                ))}
            </section>
        ))}
        <h2>People and bots</h2>
        {users.value.map((user) => (
            <div class="place" key={user.id} title={`${user.username}, ${user.id}`}>
                <Face name={user.username} />
                {nameOf(user)}
                {user.bot && <small class="tag">bot</small>}
                {user.online && <i class="dot" role="img" aria-label="online" />}
            </div>
        ))}
    </nav>
);

const EmbedCard = ({ embed }: { embed: Embed }) => (
    <div class="embed" style={embed.color == null ? {} : { borderLeftColor: `#${embed.color.toString(16).padStart(6, "0")}` }}>
        {embed.author && <small>{embed.author.name}</small>}
        {embed.title && <b>{embed.title}</b>}
        {embed.description}
        {embed.fields?.map((field) => (
            <p>
                <b>{field.name}</b> {field.value}
            </p>
        ))}
        {embed.footer && <small>{embed.footer.text}</small>}
    </div>
);

function EditBox({ message }: { message: Message }) {
    const box = useRef<HTMLTextAreaElement>(null);
    useEffect(() => {
        box.current!.focus();
        box.current!.setSelectionRange(-1, -1);
    }, []);
    const onKeyDown = async (event: KeyboardEvent) => {
        const saves = event.key === "Enter" && !event.shiftKey;
        if (!saves && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        const text = box.current!.value.trim();
        if (saves && text && text !== message.content && !(await log.edit(message, text))) return;
        log.editing.value = "";
        document.getElementById("say")?.focus();
    };
    return (
        <>
            <textarea class="editing" ref={box} aria-label="Edit the message" defaultValue={message.content} onKeyDown={onKeyDown} />
            <small>
                <kbd>Enter</kbd> saves, <kbd>Esc</kbd> leaves it
            </small>
        </>
    );
}

function MessageRow({ message, joined }: { message: Message; joined: boolean }) {
    const { author, content, edited_at } = message;
    const time = shortTime(message.created_at);
    const tag = message.webhook_id ? "webhook" : users.value.find((user) => user.id === author.id)?.bot && "bot";
    return (
        <article class={joined ? "message joined" : "message"} data-id={message.id} aria-label={`${nameOf(author)}, ${time}`}>
            {joined ? <time class="late">{time}</time> : <Face name={author.username} />}
            <div>
                {!joined && (
                    <header>
                        <b>{nameOf(author)}</b>
                        {tag && <small class="tag">{tag}</small>}
                        <time title={message.created_at}>{time}</time>
                    </header>
                )}
                {log.editing.value === message.id ? (
                    <EditBox message={message} />
                ) : (
                    <p class="text">
                        {content}
                        {edited_at && <small title={edited_at}> (edited)</small>}
                    </p>
                )}
                {message.embeds?.map((embed) => <EmbedCard embed={embed} />)}
                {message.attachments?.map((one) => <div class="embed">{`${one.filename}, ${bytes(one.size)}`}</div>)}
            </div>
            <div class="acts">
                {author.id === me.value?.id && <Act icon="edit" label={`Edit: ${content}`} onClick={() => (log.editing.value = message.id)} />}
                <Act icon="trash" label={`Delete: ${content}`} onClick={() => log.remove(message)} />
            </div>
        </article>
    );
}

/** Messages of one author within five minutes stand together. */
const joins = (before: Message, message: Message) =>
    before.author.id === message.author.id &&
    before.webhook_id === message.webhook_id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < 300_000;

function History() {
    const box = useRef<HTMLDivElement>(null);
    const atEnd = useRef(true);
    const seen = useRef({ id: "", bottom: 0 }); // the first message, and how far the view was from the end
    const messages = log.messages.value;
    const id = messages[0]?.id ?? "";

    // Stay at the end, or where one was reading when older ones came in above.
    useLayoutEffect(() => {
        const view = box.current!;
        if (atEnd.current) view.scrollTop = view.scrollHeight;
        else if (seen.current.id !== id) view.scrollTop = view.scrollHeight - seen.current.bottom;
        seen.current = { id, bottom: view.scrollHeight - view.scrollTop };
    }, [messages]);

    const onScroll = () => {
        const view = box.current!;
        const bottom = view.scrollHeight - view.scrollTop;
        atEnd.current = bottom - view.clientHeight < 40;
        seen.current = { id, bottom };
        if (view.scrollTop < 200) void log.loadOlder();
    };
    return (
        <div class="history" ref={box} onScroll={onScroll} role="log" aria-label="Messages" tabIndex={0}>
            {log.complete.value && <p class="start">The beginning of #{channel.value?.name}</p>}
            {messages.map((message, at) => {
                const before = messages[at - 1];
                const day = dayOf(message.created_at);
                const newDay = !before || dayOf(before.created_at) !== day;
                return [
                    newDay && (
                        <div class="day" key={`day ${message.id}`}>
                            {day}
                        </div>
                    ),
                    <MessageRow key={message.id} message={message} joined={!newDay && joins(before, message)} />,
                ];
            })}
        </div>
    );
}

function NewUser() {
    const dialog = useRef<HTMLDialogElement>(null);
    const make = async (form: HTMLFormElement) => {
        const data = new FormData(form);
        const made = await attempt(() => control<{ user: User }>("POST", "/users", { username: data.get("name"), bot: data.has("bot") }));
        if (!made) return;
        await attempt(loadState);
        speaker.value = made.user.username;
        dialog.current!.close();
        form.reset();
        tell(`You speak as ${made.user.username} now`);
    };
    return (
        <>
            <Act icon="plus" label="New user" onClick={() => dialog.current!.showModal()} />
            <dialog ref={dialog} aria-label="New user">
                <form class="fields" onSubmit={onSubmit(make)}>
                    <label>
                        Name of the new user
                        <input name="name" required pattern="[a-z0-9_]{2,32}" title="2-32 of a-z 0-9 _" autocomplete="off" />
                    </label>
                    <label class="check">
                        A bot
                        <input type="checkbox" name="bot" />
                    </label>
                    <p class="row">
                        <button class="main">Create</button>
                        <button type="button" onClick={() => dialog.current!.close()}>
                            Cancel
                        </button>
                    </p>
                </form>
            </dialog>
        </>
    );
}

function Writing() {
    const box = useRef<HTMLTextAreaElement>(null);
    const label = `Message #${channel.value?.name ?? ""}`;
    const submit = async () => {
        const area = box.current!;
        const text = area.value.trim();
        if (!text) return;
        area.value = "";
        if (!(await log.send(text)) && !area.value) area.value = text;
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
        if (sends) void submit();
        if (sends || (event.key === "ArrowUp" && !box.current!.value && log.editLast())) event.preventDefault();
    };
    return (
        <form class="writing" onSubmit={onSubmit(submit)}>
            <Select id="speaker" label="Speak as" value={speaker.value} choose={(name) => (speaker.value = name)}>
                {users.value.map((user) => (
                    <option key={user.id}>{user.username}</option>
                ))}
            </Select>
            <NewUser />
            <textarea
                id="say"
                ref={box}
                rows={1}
                maxLength={2000}
                placeholder={label}
                aria-label={label}
                onInput={() => box.current!.value && log.tellTyping()}
                onKeyDown={onKeyDown}
            />
            <Act icon="send" label="Send" hint="(Enter)" class="main" type="submit" />
        </form>
    );
}

export function Chat() {
    const names = log.typing.value;
    return (
        <section class="chat" id="chat" aria-label="Chat">
            <header class="bar">
                <h1>{channel.value && `# ${channel.value.name}`}</h1>
                <Select class="small-only" label="Channel" value={channelId.value} choose={(id) => show(rooms.value.find((one) => one.id === id)!)}>
                    {rooms.value.map((one) => (
                        <option key={one.id} value={one.id}>
                            # {one.name}
                        </option>
                    ))}
                </Select>
                <small>{channel.value?.topic}</small>
            </header>
            <History />
            <small class="typing" role="status">
                {names.length > 0 && `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…`}
            </small>
            <Writing />
        </section>
    );
}
