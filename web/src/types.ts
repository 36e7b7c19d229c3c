// What the control API (docs/sandbox-control.md) and the REST API (protocol §8) answer, as far as the page reads it.

export type Id = string;

export interface User {
    id: Id;
    username: string;
    display_name?: string | null;
    avatar_url?: string | null;
    created_at?: string;
    bot?: boolean;
    online?: boolean;
}

export interface Channel {
    id: Id;
    server_id: Id;
    name: string;
    type: number; // 0 text, 1 voice, 2 category
    topic?: string | null;
    position?: number;
}

export interface Server {
    id: Id;
    name: string;
    owner_id: Id;
    channels: Channel[];
}

export interface Embed {
    title?: string;
    description?: string;
    url?: string;
    color?: number;
    footer?: { text: string };
    author?: { name: string };
    fields?: { name: string; value: string; inline?: boolean }[];
}

export interface Message {
    id: Id;
    channel_id: Id;
    author: User;
    content: string;
    created_at: string;
    edited_at?: string | null;
    embeds?: Embed[];
    attachments?: { filename: string; size: number }[];
    webhook_id?: Id | null;
}

export interface Session {
    id: number;
    user: string;
    connected: boolean;
    connection: number | null;
    seq: number;
    heartbeat_age_ms: number | null;
    round_trip_ms: number | null;
    queued_bytes: number;
    kept_events: number;
    since: string;
}

export interface Fault {
    id: number;
    kind: string;
    match?: Record<string, string | number> | null;
    count?: number | null;
    hits: number;
    remaining_ms?: number | null;
    [field: string]: unknown;
}

/** The value of a field of a fault, and the range it may have. */
export interface FaultParameter {
    name: string;
    type: "integer" | "number" | "text" | "boolean" | "choice";
    label: string;
    help: string;
    required: boolean;
    min?: number;
    max?: number | null; // null: unlimited
    unit?: string;
    choices?: string[];
    default?: string | number | boolean;
    example?: string | number | boolean;
}

export interface FaultKind {
    name: string;
    class: string;
    help: string;
    parameters: FaultParameter[];
}

export interface FaultTable {
    kinds: FaultKind[];
    classes: { name: string; applies_to: string; match: string[] }[];
    match: FaultParameter[];
    options: FaultParameter[];
}

export interface Bucket {
    id: string;
    user: string;
    limit: number;
    remaining: number;
    reset_ms: number;
}

export interface State {
    addresses: { gateway: string; rest: string; web: string };
    options?: Record<string, unknown>;
    servers: Server[];
}
