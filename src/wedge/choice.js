const element = (id) => document.getElementById(id);
const shown = { frame: Math.floor(data.frames.length / 2), a: 0, b: Math.min(1, data.variants.length - 1), flicked: false };
const nothing = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
let playing = null;

const nameOf = (variant) => `${variant.number} · ${variant.label}`;
const pictureOf = (variant) => variant.pictures[shown.frame];

function add(parent, tag, text) {
    const child = document.createElement(tag);
    child.textContent = text;
    parent.append(child);
    return child;
}

function show() {
    const variant = data.variants[shown.flicked ? shown.b : shown.a];
    element("large").src = pictureOf(variant) || nothing;
    element("large").alt = `${nameOf(variant)}, frame ${data.frames[shown.frame]}`;
    element("none").hidden = Boolean(pictureOf(variant));
    element("name").textContent = nameOf(variant);
    element("command").textContent = `${data.command} ${variant.number}`;
    element("a").selectedIndex = shown.a;
    element("b").selectedIndex = shown.b;
    element("flick").setAttribute("aria-pressed", String(shown.flicked));
    [...element("frames").children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === shown.frame)));
    [...element("grid").children].forEach((card, i) => {
        card.querySelector("img").src = pictureOf(data.variants[i]) || nothing;
        card.setAttribute("aria-pressed", String(i === shown.a));
        card.classList.toggle("b", i === shown.b && i !== shown.a);
    });
}

function change(values) {
    Object.assign(shown, values);
    show();
}

const around = (index, count) => (index + count) % count;
const stepFrame = (by) => change({ frame: around(shown.frame + by, data.frames.length) });
const stepVariant = (by) => change({ a: around(shown.a + by, data.variants.length), flicked: false });
const flick = () => change({ flicked: !shown.flicked });

function play() {
    playing = playing ? clearInterval(playing) : setInterval(() => stepFrame(1), 400);
    element("play").setAttribute("aria-pressed", String(Boolean(playing)));
}

// Where the browser gives a page no clipboard, the words are selected, for the person to copy.
async function copy() {
    getSelection().selectAllChildren(element("command"));
    try {
        await navigator.clipboard.writeText(element("command").textContent);
        element("copy").textContent = "copied";
    } catch {
        element("copy").textContent = document.execCommand("copy") ? "copied" : "selected";
    }
    setTimeout(() => { element("copy").textContent = "copy"; }, 1500);
}

function setUp() {
    data.frames.forEach((frame, i) => add(element("frames"), "button", frame).addEventListener("click", () => change({ frame: i })));
    for (const side of ["a", "b"]) {
        for (const variant of data.variants)
            add(element(side), "option", nameOf(variant));
        element(side).addEventListener("change", () => change({ [side]: element(side).selectedIndex, flicked: side === "b" }));
    }
    data.variants.forEach((variant, i) => {
        const card = add(element("grid"), "button", "");
        card.append(document.createElement("img"));
        card.querySelector("img").alt = "";
        add(card, "span", nameOf(variant));
        card.addEventListener("click", () => { change({ a: i, flicked: false }); element("viewer").scrollIntoView(); });
    });
    element("play").addEventListener("click", play);
    element("play").hidden = data.frames.length === 1;
    element("flick").addEventListener("click", flick);
    element("copy").addEventListener("click", copy);
    document.addEventListener("click", (event) => {   // so that space flicks, and does not press the button again
        if (event.detail && document.activeElement.tagName === "BUTTON")
            document.activeElement.blur();
    });
    document.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: () => stepFrame(-1), ArrowRight: () => stepFrame(1), ArrowUp: () => stepVariant(-1),
                        ArrowDown: () => stepVariant(1), " ": flick };
        const typing = event.target.tagName === "SELECT" || event.ctrlKey || event.altKey || event.metaKey;
        if (typing || !steps[event.key] || (event.key === " " && event.target.tagName === "BUTTON"))
            return;
        event.preventDefault();
        steps[event.key]();
    });
    show();
}

setUp();
