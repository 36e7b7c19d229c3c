// What the peer's gateway does once a session is ready, by name. Each ends with a message "the end", so that a test knows
// when it has seen everything.
import {array32, float64, int64, map32, nil, str32, str8, uint64} from "./raw.mjs";
import {CHANNEL, PERSON, SERVER, message, newId} from "./world.mjs";

const EVENTS_BEFORE_CUT = 5;
const EVENTS_IN_ALL = 10;
const OVERLAP = 3;

function theEnd(gateway, session) {
    gateway.dispatch(session, "MESSAGE_CREATE", {message: message("the end")});
}

function say(gateway, session, from, to) {
    for (let i = from; i <= to; i += 1) gateway.dispatch(session, "MESSAGE_CREATE", {message: message(`number ${i}`)});
}

/** Says the first numbers on the first connection of the first session, then `cut`s; the rest is said meanwhile. */
function interrupted(cut) {
    return (gateway, session) => {
        if (session.number > 1) return theEnd(gateway, session);
        say(gateway, session, 1, EVENTS_BEFORE_CUT);
        // The socket is given the time to send what was written: a cut discards it.
        setTimeout(() => {
            cut(gateway, session.connection);
            session.connection = null;
            say(gateway, session, EVENTS_BEFORE_CUT + 1, EVENTS_IN_ALL);
        }, 200);
    };
}

/** One event in each shape that servers are known to use, and some that only a broken server would send. */
function events(gateway, session) {
    const send = (type, data) => gateway.dispatch(session, type, data);
    const connection = session.connection;

    send("MESSAGE_CREATE", {message: message("wrapped")});
    send("MESSAGE_CREATE", message("flat"));
    send("POLL_CLOSED", {group: "g", epoch: 7, blob: new Uint8Array([1, 2, 3]), nested: [{deep: {deeper: [null, true]}}]});
    const {created_at, edited_at, ...older} = message("other names");
    const {avatar_url, ...author} = PERSON;
    send("MESSAGE_UPDATE", {message: {
        future: {a: 1}, ...older, author: {...author, avatar: "https://example.invalid/a.png", badges: [1]},
        timestamp: "2024-01-15T12:00:00.123456+00:00", edited_timestamp: "2024-01-15T12:00:01Z",
    }});
    send("MESSAGE_CREATE", {message: {...message("malformed"), author: null}});
    send("MESSAGE_CREATE", {message: message("rich \u{1F389}", {
        attachments: [{id: newId(), filename: "a.png", size: 12345678901, url: "https://example.invalid/a.png", width: 10, height: 20}],
        embeds: [{title: "title", color: 0xFFFFFF, fields: [{name: "n", value: "v", inline: true}], footer: {text: "f"}}],
        webhook_id: "5001",
    })});
    send("SERVER_CREATE", {server: {...SERVER, id: "2002", name: "Second"}});
    send("CHANNEL_CREATE", {...CHANNEL, id: "3002", name: "of a kind to come", type: 13});
    send("MESSAGE_DELETE", {id: "4999", channel_id: CHANNEL.id});
    send("error", {message: "an event with the name of something else"});
    send("SERVER_DELETE", {server_id: "2002"});
    send("TYPING_START", {channel_id: CHANNEL.id, user_id: PERSON.id, timestamp: 1705320000});

    gateway.sendOp(connection, 200, {unknown: "opcode"});
    gateway.sendOp(connection, 1, null);
    connection.socket.send("a text frame");
    connection.socket.ping("ping");

    gateway.dispatchBytes(session, "MESSAGE_CREATE", (seq) => map32(
        [str8("s"), float64(seq)],
        [str32("d"), map32([str32("message"), map32(
            [str8("content"), str32("written wide")],
            [str8("author"), map32([str8("username"), str8("alice")], [str8("id"), uint64(1001)])],
            [str8("created_at"), str32("2024-01-15T12:00:00Z")],
            [str8("channel_id"), int64(3001)],
            [str8("embeds"), array32()], [str8("webhook_id"), nil],
            [str8("id"), uint64(18446744073709551615n)],
        )])],
        [str8("t"), str32("MESSAGE_CREATE")],
        [str8("op"), int64(0)],
    ));
    theEnd(gateway, session);
}

export const SCRIPTS = {
    /** Nothing by itself: events come of REST calls. */
    talk: {},

    events: {ready: events},

    /** Cut without a close frame after five of ten events; the Resume is answered from three events too early. */
    resume: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.cut(connection)),
        resume(gateway, session, seq, connection, attach) {
            attach();
            gateway.replay(session, Math.max(0, seq - OVERLAP));
            theEnd(gateway, session);
        },
    },

    /** As `resume`, but the first Resume is cut in the middle of the replay. */
    resume_twice: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.cut(connection)),
        resume(gateway, session, seq, connection, attach) {
            attach();
            if (!session.cutInReplay) {
                session.cutInReplay = true;
                for (const event of session.events.slice(seq, seq + 2)) gateway.send(session, event);
                setTimeout(() => gateway.cut(connection), 200);
                return;
            }
            gateway.replay(session, seq);
            theEnd(gateway, session);
        },
    },

    /** As `resume`, but the Resume is refused: Invalid Session with false. */
    invalid_session: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.cut(connection)),
        resume(gateway, session, seq, connection) {
            gateway.sendOp(connection, 8, false);
        },
    },

    /** The first Resume is answered with Invalid Session and true, the second taken. */
    invalid_session_once: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.cut(connection)),
        resume(gateway, session, seq, connection, attach) {
            session.refused = (session.refused ?? 0) + 1;
            if (session.refused === 1) return gateway.sendOp(connection, 8, true);
            attach();
            gateway.replay(session, seq);
            theEnd(gateway, session);
        },
    },

    /** Op 6 after five events. */
    reconnect: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.sendOp(connection, 6, null)),
        resume(gateway, session, seq, connection, attach) {
            attach();
            gateway.replay(session, seq);
            theEnd(gateway, session);
        },
    },

    /** The first connection gets no ACK; the later ones do. */
    silent_acks: {
        needsResume: true,
        ready: (gateway, session) => session.number > 1 && theEnd(gateway, session),
        acks: (connection) => connection.number > 1,
        resume(gateway, session, seq, connection, attach) {
            attach();
            gateway.replay(session, seq);
            theEnd(gateway, session);
        },
    },

    /** Closes the first connection with the code of --code after five events. */
    close: {
        needsResume: true,
        ready: interrupted((gateway, connection) => gateway.close(connection, gateway.options.code, "as the script says")),
        resume(gateway, session, seq, connection, attach) {
            attach();
            gateway.replay(session, seq);
            theEnd(gateway, session);
        },
    },

    /** A Ready of 3 MiB, as with very many servers. */
    large_ready: {
        servers: () => Array.from({length: 3000}, () => ({...SERVER, id: newId(), description: "d".repeat(1000)})),
        ready: theEnd,
    },
};
