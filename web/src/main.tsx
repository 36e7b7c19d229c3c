// The page: the frame around its parts, and what runs beside them.

import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Bot } from "./bot";
import { Chat, Places } from "./chat";
import { Compose } from "./compose";
import { Faults, QuickFaults } from "./faults";
import { follow, live } from "./journal";
import { helping, localKeys, nextTheme, onKey, shortcuts } from "./keys";
import { onJournal, refresh } from "./messages";
import { Limits, Sessions } from "./sessions";
import { copy, faults, notice, sessions, state, tab, theme, watch, type Tab } from "./store";
import { Timeline } from "./timeline";
import { Act } from "./ui";

const views: Record<Tab, [label: string, View: () => preact.JSX.Element]> = {
    chat: ["Chat", Timeline], // beside it, where there is room
    timeline: ["Timeline", Timeline],
    event: ["Event", Compose],
    faults: ["Faults", Faults],
    limits: ["Limits", Limits],
    sessions: ["Sessions", Sessions],
    bot: ["Bot", Bot],
};

const liveText = {
    connecting: "Connecting",
    live: "Live",
    lost: "No answer",
    refused: "Orders are taken on its own machine alone",
};

function Top() {
    const url = state.value?.addresses.rest ?? location.origin;
    return (
        <header class="top">
            <span class="mark" aria-hidden="true" />
            <b>Intent sandbox</b>
            <button class="address" title="Copy" onClick={() => copy(url, "Address")}>
                {url.replace(/^\w+:\/\//, "")}
            </button>
            <span class={`live ${live.value}`} role="status">
                {liveText[live.value]}
            </span>
            <Act icon="theme" label={`Theme: ${theme.value}`} hint="(t)" onClick={nextTheme} />
            <Act icon="help" label="Keyboard shortcuts" hint="(?)" onClick={() => (helping.value = true)} />
        </header>
    );
}

/** Counts that a tab carries. */
function countOf(name: Tab): number {
    if (name === "faults") return faults.value.length;
    return name === "sessions" ? sessions.value.filter((session) => session.connected).length : 0;
}

function Tabs() {
    const names = Object.keys(views) as Tab[];
    const onKeyDown = (event: KeyboardEvent) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!step) return;
        const shown = names.filter((name) => document.getElementById(`tab-${name}`)!.offsetParent);
        tab.value = shown[(shown.indexOf(tab.value) + step + shown.length) % shown.length]!;
        document.getElementById(`tab-${tab.value}`)!.focus();
    };
    return (
        <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
            {names.map((name) => (
                <button
                    key={name}
                    role="tab"
                    id={`tab-${name}`}
                    class={name === "chat" ? "small-only" : ""}
                    aria-selected={tab.value === name}
                    aria-controls={name === "chat" ? "chat" : "view"}
                    tabIndex={tab.value === name ? 0 : -1}
                    onClick={() => (tab.value = name)}
                >
                    {views[name][0]}
                    {countOf(name) > 0 && <span class={name === "faults" ? "count warn" : "count"}>{countOf(name)}</span>}
                </button>
            ))}
        </div>
    );
}

function Help() {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        if (helping.value) dialog.current!.showModal();
    }, [helping.value]);
    return (
        <dialog ref={dialog} class="help" aria-label="Keyboard shortcuts" onClose={() => (helping.value = false)}>
            <h2>Keys</h2>
            <dl>
                {[...shortcuts, ...localKeys].map(([key, text]) => (
                    <div key={key}>
                        <dt>
                            {key.split(" ").map((one) => (
                                <kbd key={one}>{one}</kbd>
                            ))}
                        </dt>
                        <dd>{text}</dd>
                    </div>
                ))}
            </dl>
            <form method="dialog">
                <button class="main">Close</button>
            </form>
        </dialog>
    );
}

function Page() {
    const [, View] = views[tab.value];
    return (
        <div class={`page shows-${tab.value}`}>
            <Top />
            <Places />
            <Chat />
            <main class="inspector">
                <Tabs />
                <div class="view" id="view" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
                    <View />
                </div>
                <QuickFaults />
            </main>
            <Help />
            <p class={notice.value?.bad ? "notice bad" : "notice"} role={notice.value?.bad ? "alert" : "status"} hidden={!notice.value}>
                {notice.value?.text}
            </p>
        </div>
    );
}

effect(() => {
    document.documentElement.dataset.theme = theme.value;
});
document.addEventListener("keydown", onKey);
if (matchMedia("(max-width: 760px)").matches) tab.value = "chat";
render(<Page />, document.body);
void follow(onJournal);
void watch(refresh);
