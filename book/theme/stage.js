// The stage of a recorded run: what clients do, what waits in each socket's buffers, the server's
// system calls one by one, and each connection's state. The recorder worked it all out; this
// script shows one frame. The players in replay.js choose which.
"use strict";

const replay = (() => {
    const GLYPHS = { queued: "…", open: "·", req: "↓", res: "↑", end: "×" };

    const make = (kind, name, ...inside) => {
        const element = document.createElement(kind);
        if (name) element.className = name;
        element.append(...inside.filter((it) => it !== null));
        return element;
    };

    const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
    const amount = (bytes) => (bytes === 1 ? "1 byte" : `${grouped(bytes)} bytes`);
    const longest = (texts) =>
        texts.reduce((most, text) => (text.length > most.length ? text : most), "");
    const badge = (client) => make("b", `client client-${client}`, client);

    // Words that change, with room for the longest of them: what is below doesn't move.
    class Words {
        constructor(name, texts) {
            this.now = make("span", "");
            this.element = make("div", `roomy ${name}`, this.now);
            this.element.dataset.longest = longest(texts);
        }

        show(text) {
            this.now.textContent = text;
        }
    }

    // One buffer of one socket: a bar that fills.
    class Buffer {
        constructor(owner, kind) {
            this.fill = make("span", "fill");
            this.text = make("span", "bytes");
            this.element = make("div", "buffer", this.fill, this.text);
            this.element.title = `${owner}: ${kind} buffer`;
            this.name = `${owner}: ${kind}`;
        }

        show(bytes, text, most) {
            // The square root: a hundred bytes are seen beside sixty thousand.
            const share = bytes === 0 ? 0 : Math.max(0.06, Math.sqrt(bytes / Math.max(most, 64)));
            this.fill.style.inlineSize = text
                ? `min(100%, ${text.length}ch + 1.2rem)` : `${100 * Math.min(1, share)}%`;
            this.element.classList.toggle("holds", bytes > 0);
            this.text.textContent = bytes === 0 ? this.name : text ?? amount(bytes);
        }
    }

    // One client, its connection, and the four buffers between it and the server's program.
    class Lane {
        constructor(client, deeds, states) {
            this.client = client;
            this.says = new Words("says", deeds);
            this.pill = make("span", "state");
            this.sending = new Buffer(client, "send");
            this.receiving = new Buffer(client, "receive");
            this.arriving = new Buffer("server", "receive");
            this.leaving = new Buffer("server", "send");
            const there = make("div", "way there", this.sending.element,
                make("span", "wire"), this.arriving.element);
            const back = make("div", "way back", this.receiving.element,
                make("span", "wire"), this.leaving.element);
            this.caller = make("div", "caller", badge(client), this.says.element);
            const end = make("div", "end", this.pill);
            end.style.setProperty("--longest", longest(states).length + 2);
            this.element = make("div", `lane client-${client}`, this.caller,
                make("div", "ways", there, back), end);
        }

        show(at, says, most) {
            this.element.classList.toggle("absent", !at);
            this.says.show(says);
            const [state, kind, there, back, left] = at ?? ["", "", [0, 0], [0, 0], false];
            // Not "left": mdBook's own style sheet lets that float.
            this.element.classList.toggle("gone", left);
            this.element.classList.toggle("waiting", kind === "queued");
            this.pill.className = `state ${kind}`;
            this.pill.textContent = kind ? `${GLYPHS[kind]} ${state}` : "";
            const [sending, arriving, first] = there;
            const [leaving, receiving, second] = back;
            this.sending.show(sending, null, most);
            this.arriving.show(arriving, sending ? null : first, most);
            this.leaving.show(leaving, null, most);
            this.receiving.show(receiving, leaving ? null : second, most);
        }
    }

    // One server and its clients.
    class Stage {
        constructor(run) {
            this.run = run;
            this.frame = 0;
            this.lanes = run.clients.map((client, place) => new Lane(client,
                run.events.filter(({ by }) => by === client).map(({ does }) => does),
                run.frames.map(({ at }) => at[place]?.[0] ?? "")));
            this.sentence = new Words("sentence", run.frames.map(({ says }) => `${says}.`));
            this.list = make("ol", "log");
            this.rows = run.frames.map((frame, index) => this.row(frame, index));
            this.list.append(...this.rows);
            this.log = make("div", "trace", this.list);
            this.log.tabIndex = 0;
            this.log.setAttribute("role", "region");
            this.log.setAttribute("aria-label", `System calls of ${run.server} so far`);
            const heads = make("div", "heads", make("span", "", "clients"),
                make("span", "", "buffers of the kernel"), make("span", "", run.server));
            const note = run.vary ? make("p", "note",
                "How much the buffers take is up to the kernel: elsewhere it is another amount.")
                : null;
            this.element = make("section", "stage", make("p", "title", run.title), note, heads,
                make("div", "lanes", ...this.lanes.map((lane) => lane.element)),
                this.sentence.element, this.log);
            this.element.setAttribute("aria-label", run.title);
        }

        row(frame, index) {
            const event = this.run.events[frame.event];
            const row = make("li", frame.call === null ? "action" : "call");
            row.dataset.frame = index;
            if (frame.call === null) {
                row.append(badge(event.by), ` ${event.does}`);
                if (event.got !== null) row.append(" → ", make("i", "", event.got));
                return row;
            }
            const { name, args, result, turn, mark } = event.calls[frame.call];
            const call = make("span", "text", make("b", "", name));
            if (turn === "resumes" && index > 0) {
                call.append(" returns");
            } else {
                call.append(`(${args}${args.endsWith(",") ? " …" : ""})`);
            }
            row.classList.toggle("sleeps", turn === "sleeps");
            const end = make("span", "result", turn === "sleeps" ? "sleeps" : `= ${result}`);
            if (mark) {
                end.classList.add(mark[1]);
                end.append(" ", make("i", "mark", mark[0]));
            }
            row.append(call, end);
            return row;
        }

        show(index, moves) {
            const { frames, events, most } = this.run;
            const frame = frames[index];
            const before = this.frame;
            this.frame = index;
            this.rows.forEach((row, place) => {
                row.hidden = place > index;
                if (place === index) row.setAttribute("aria-current", "step");
                else row.removeAttribute("aria-current");
            });
            this.lanes.forEach((lane, place) => {
                const event = events[frame.event];
                const says = event.by === lane.client ? event.does : "";
                lane.caller.classList.toggle("acts", says !== "" && frame.call === null);
                lane.show(frame.at[place], says, most);
            });
            this.sentence.show(`${frame.says}.`);
            const current = this.rows[index];
            this.log.scrollTop = current.offsetTop + current.offsetHeight - this.log.clientHeight + 8;
            this.flight?.cancel();
            if (moves && index === before + 1) this.move(frame);
        }

        // A packet that flies from one end to the other.
        move(frame) {
            const event = this.run.events[frame.event];
            const call = frame.call === null ? null : event.calls[frame.call];
            const lane = this.lanes.find((it) => it.client === (call ? call.about : event.by));
            if (!lane) return;
            const ends = {
                sends: [lane.caller, lane.arriving.element],
                reads: [lane.receiving.element, lane.caller],
                read: [lane.arriving.element, lane.pill],
                write: [lane.pill, lane.receiving.element],
            }[call ? call.name : event.does.split(" ")[0]];
            const moved = call ? parseInt(call.result, 10) > 0 : event.does.startsWith("sends")
                || /^"|bytes/.test(event.got ?? "");
            if (ends && moved) this.fly(...ends);
        }

        fly(from, to) {
            const place = this.element.getBoundingClientRect();
            const middle = (box) => [box.x + box.width / 2 - place.x, box.y + box.height / 2 - place.y];
            const [x, y] = middle(from.getBoundingClientRect());
            const [right, down] = middle(to.getBoundingClientRect());
            const packet = make("span", "packet");
            packet.setAttribute("aria-hidden", "true");
            this.element.append(packet);
            const at = (x, y, scale) => ({ transform: `translate(${x}px, ${y}px) scale(${scale})` });
            this.flight = packet.animate([at(x, y, 0.4), at((x + right) / 2, (y + down) / 2, 1),
                at(right, down, 0.4)], { duration: 450, easing: "ease-in-out" });
            this.flight.onfinish = this.flight.oncancel = () => packet.remove();
        }
    }

    return { make, Stage };
})();
