// Players of recorded runs: one frame after the other on the stages of stage.js.
"use strict";

(() => {
    const { make, Stage } = replay;
    const SPEEDS = { "½×": 0.5, "1×": 1, "2×": 2 };
    const PAUSE = { action: 1500, call: 1100 };
    const stillness = matchMedia("(prefers-reduced-motion: reduce)");
    const ICONS = {
        first: "M5 4v12M16 4 8 10l8 6z",
        back: "M14 4 6 10l8 6z",
        play: "M6 3.5 16 10 6 16.5z",
        pause: "M6.5 4v12M13.5 4v12",
        step: "M6 4l8 6-8 6z",
    };

    const icon = (name) => {
        const picture = make("span", "");
        picture.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
        return picture;
    };

    // A button under the player. Its name is told to those who don't see its picture.
    const button = (kind, name, inside, act) => {
        const it = make("button", kind, inside);
        it.type = "button";
        it.addEventListener("click", act);
        return named(it, name);
    };

    const named = (element, name) => {
        element.setAttribute("aria-label", name);
        element.title = name;
        return element;
    };

    // One or two stages with one set of controls. Side by side, both go through the same
    // actions, and the one that has less to do for an action waits for the other.
    class Player {
        constructor(place, runs) {
            this.stages = runs.map((run) => new Stage(run));
            this.moments = Player.moments(runs);
            this.now = 0;
            this.timer = null;
            this.build(place);
            this.show(0, false);
        }

        static moments(runs) {
            const moments = [];
            const all = runs.map(({ frames, events }) =>
                events.map((_, event) => [...frames.keys()].filter((it) => frames[it].event === event)));
            for (let event = 0; all.some((events) => event < events.length); event += 1) {
                const frames = all.map((events) => events[event] ?? events.at(-1).slice(-1));
                const longest = Math.max(...frames.map((it) => it.length));
                for (let turn = 0; turn < longest; turn += 1) {
                    moments.push(frames.map((it) => it[Math.min(turn, it.length - 1)]));
                }
            }
            return moments;
        }

        build(place) {
            const last = this.moments.length - 1;
            this.first = button("first", "To the start", icon("first"), () => this.go(0));
            this.back = button("back", "Step back", icon("back"), () => this.go(this.now - 1));
            this.play = button("play", "Play", icon("play"), () => this.toggle());
            this.step = button("step", "Step", icon("step"), () => this.go(this.now + 1));
            this.range = named(make("input", "scrub"), "Where in the run");
            Object.assign(this.range, { type: "range", min: 0, max: last });
            this.range.addEventListener("input", () => this.go(Number(this.range.value), false));
            this.count = make("span", "count");
            this.pace = button("pace", "Speed 1×", "1×", () => this.quicken());
            this.news = make("p", "news");
            this.news.setAttribute("aria-live", "polite");
            const controls = make("div", "controls", this.first, this.back, this.play, this.step,
                this.range, this.count, this.pace);
            const stages = make("div", this.stages.length > 1 ? "stages two" : "stages",
                ...this.stages.map((stage) => stage.element));
            this.element = make("div", "player", stages, controls, this.news);
            this.element.tabIndex = 0;
            this.element.setAttribute("role", "group");
            this.element.addEventListener("keydown", (event) => this.key(event));
            for (const stage of this.stages) {
                stage.list.addEventListener("click", (event) => {
                    const row = event.target.closest("li");
                    if (row) this.goTo(stage, Number(row.dataset.frame));
                });
            }
            stillness.addEventListener("change", () => this.calm());
            this.calm();
            place.prepend(this.element);
            const tables = place.querySelector(".tables");
            const fold = make("details", "as-table", make("summary", "", "the same run as a table"));
            tables.replaceWith(fold);
            fold.append(tables);
        }

        quicken() {
            const names = Object.keys(SPEEDS);
            const name = names[(names.indexOf(this.pace.textContent) + 1) % names.length];
            this.pace.textContent = name;
            named(this.pace, `Speed ${name}`);
        }

        // Where less motion is asked for, the reader steps.
        calm() {
            this.play.hidden = stillness.matches;
            this.pace.hidden = stillness.matches;
            if (stillness.matches) this.pause();
            const plays = stillness.matches ? "" : " space plays,";
            this.element.setAttribute("aria-label",
                `A recorded run. Arrow keys step,${plays} Home and End jump.`);
        }

        key(event) {
            if (event.altKey || event.ctrlKey || event.metaKey) return;
            const jumps = {
                ArrowRight: this.now + 1, ArrowLeft: this.now - 1,
                Home: 0, End: this.moments.length - 1,
            };
            const scrolls = event.target.closest(".trace, .tables");
            const presses = event.target.closest("button, summary");
            if (event.key in jumps) {
                this.go(jumps[event.key]);
            } else if (event.key === " " && !presses && !scrolls && !stillness.matches) {
                this.toggle();
            } else {
                return;
            }
            // The book turns its pages with the same keys.
            event.stopPropagation();
            event.preventDefault();
        }

        toggle() {
            if (this.timer) return this.pause();
            if (this.now === this.moments.length - 1) this.show(0, false);
            this.play.replaceChildren(icon("pause"));
            named(this.play, "Pause");
            this.wait();
        }

        wait() {
            const acts = this.moments[this.now].some((frame, index) =>
                this.stages[index].run.frames[frame].call === null);
            this.timer = setTimeout(() => {
                this.show(this.now + 1, true);
                if (this.now < this.moments.length - 1) this.wait();
                else this.pause();
            }, (acts ? PAUSE.action : PAUSE.call) / SPEEDS[this.pace.textContent]);
        }

        pause() {
            clearTimeout(this.timer);
            this.timer = null;
            this.play.replaceChildren(icon("play"));
            named(this.play, "Play");
        }

        go(moment, moves = true) {
            this.pause();
            this.show(Math.max(0, Math.min(moment, this.moments.length - 1)), moves);
        }

        goTo(stage, frame) {
            const index = this.stages.indexOf(stage);
            const moment = this.moments.findIndex((frames) => frames[index] === frame);
            if (moment >= 0) this.go(moment, false);
        }

        show(moment, moves) {
            const before = this.moments[this.now];
            this.now = moment;
            const frames = this.moments[moment];
            const said = [];
            this.stages.forEach((stage, index) => {
                const idles = moment > 0 && frames[index] === before[index];
                stage.element.classList.toggle("idles", idles && this.stages.length > 1);
                stage.show(frames[index], moves && !stillness.matches);
                if (!idles) said.push(this.told(stage));
            });
            this.range.value = moment;
            const last = this.moments.length;
            this.range.setAttribute("aria-valuetext", `${moment + 1} of ${last}`);
            this.count.textContent = `${moment + 1} / ${last}`;
            this.first.disabled = this.back.disabled = moment === 0;
            this.step.disabled = moment === last - 1;
            if (said.length > 0) this.news.textContent = said.join(" ");
        }

        // What a reader who can't see the stage is told.
        told(stage) {
            const { run, frame } = stage;
            const states = run.frames[frame].at.map(([state], place) =>
                `${run.clients[place]}: ${state}`);
            const where = this.stages.length > 1 ? `${run.server}: ` : "";
            return `${where}${run.frames[frame].says}. ${states.join(", ")}.`;
        }
    }

    for (const place of document.querySelectorAll(".replay")) {
        const data = place.querySelector("script");
        new Player(place, JSON.parse(data.textContent));
        place.classList.add("plays");
    }
})();
