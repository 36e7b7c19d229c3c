// The small parts that the views are made of.

import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** Line drawings of 16 by 16, in the colour of the text around them. */
const paths = {
    send: "M2 8 14 2.5 10.5 14 8 9zM8 9l6-6.5",
    edit: "M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z",
    trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
    close: "M4 4l8 8M12 4l-8 8",
    pause: "M5.5 3.5v9M10.5 3.5v9",
    play: "M5 3l8 5-8 5z",
    copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
    theme: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
    plus: "M8 3v10M3 8h10",
    again: "M13 4v3.5H9.5M12.8 7.5A5 5 0 1 0 12 11",
    down: "M8 3v9M4 8.5l4 4 4-4",
    help: "M5.5 6A2.5 2.5 0 1 1 9 8.3c-.7.3-1 .7-1 1.4M8 12.4v.1",
};
export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
    <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={paths[name]} />
    </svg>
);

interface ActProps {
    icon: IconName;
    label: string;
    hint?: string; // beside the label, for the eye alone
    class?: string;
    type?: "button" | "submit";
    pressed?: boolean;
    onClick?: () => unknown;
}

/** A button that is an icon. */
export const Act = ({ icon, label, hint, pressed, class: more, ...rest }: ActProps) => (
    <button type="button" {...rest} class={`icon ${more ?? ""}`} aria-label={label} aria-pressed={pressed} title={`${label} ${hint ?? ""}`}>
        <Icon name={icon} />
    </button>
);

export const valueOf = (event: Event) => (event.currentTarget as HTMLInputElement).value;

/** Ties an input to a signal. */
export const bound = (signal: Signal<string>) => ({
    value: signal.value,
    onInput: (event: Event) => (signal.value = valueOf(event)),
});

interface SelectProps {
    id?: string;
    label?: string;
    class?: string;
    value: string;
    choose: (value: string) => void;
    children: ComponentChildren;
}

export const Select = ({ label, choose, ...rest }: SelectProps) => (
    <select {...rest} aria-label={label} onChange={(event) => choose(valueOf(event))} />
);

export const onSubmit = (work: (form: HTMLFormElement) => unknown) => (event: Event) => {
    event.preventDefault();
    work(event.currentTarget as HTMLFormElement);
};
