const element = (id) => document.getElementById(id);
const add = (parent, tag, text, attributes) => {
    const child = document.createElement(tag);
    child.textContent = text;
    for (const [name, value] of Object.entries(attributes || {}))
        child.setAttribute(name, value);
    parent.append(child);
    return child;
};
const colours = ["#e8a33d", "#5aa9e6", "#76b36b", "#c678dd", "#f0685c", "#4ec9b0", "#d8c969", "#8f9bb3", "#e58fb1", "#9ccc65"];
const frames = data.provenance.frames;
const recorded = frames.filter((frame) => frame.steps);

// ---- plate, clean plate and result of a frame, one wiped over another
const shown = { still: data.stills.length - 1, left: null, right: null };

function layerOf(still, name, otherwise) {
    return still.layers.find((layer) => layer.name === name) || otherwise;
}

function press(group, name) {
    for (const button of group.querySelectorAll("button"))
        button.setAttribute("aria-pressed", String(button.textContent === name));
}

function show() {
    const still = data.stills[shown.still];
    for (const side of ["left", "right"]) {
        const layer = layerOf(still, shown[side], still.layers[0]);
        element(side).src = layer.uri;
        element(side).alt = `${layer.name} ${still.frame}`;
        press(element(side + "s"), layer.name);
    }
    press(element("frames"), String(still.frame));
}

function wipe() {
    const percent = element("at").value / 10;
    element("right").style.clipPath = `inset(0 0 0 ${percent}%)`;
    element("line").style.left = `${percent}%`;
}

function setUpReview() {
    const names = [...new Set(data.stills.flatMap((still) => still.layers.map((layer) => layer.name)))];
    const result = data.provenance.result;
    shown.left = "plate";
    shown.right = names.includes(result) ? result : names[names.length - 1];
    shown.still = Math.floor(data.stills.length / 2);
    data.stills.forEach((still, index) =>
        add(element("frames"), "button", still.frame).addEventListener("click", () => { shown.still = index; show(); }));
    for (const side of ["left", "right"])
        for (const name of names)
            add(element(side + "s"), "button", name).addEventListener("click", () => { shown[side] = name; show(); });
    element("at").addEventListener("input", wipe);
    const sheet = element("sheet").querySelector("img");
    sheet.addEventListener("click", () => sheet.classList.toggle("large"));
    show();
    wipe();
}

// ---- charts
const svgElement = (parent, tag, attributes, text) => {
    const child = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes))
        child.setAttribute(name, value);
    if (text !== undefined)
        child.textContent = text;
    parent.append(child);
    return child;
};

const area = { width: 960, height: 180, left: 70, right: 20, top: 10, bottom: 24 };

function rounded(value) {
    return value === 0 || Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(3)).toString();
}

// The frame of a chart from `first` to `last` and from 0 up to `most`: its svg, and where a point of it lies.
function chart(parent, first, last, most, unit) {
    const svg = svgElement(parent, "svg", { viewBox: `0 0 ${area.width} ${area.height}`, width: area.width, role: "img" });
    const x = (frame) => area.left + (frame - first) / Math.max(last - first, 1) * (area.width - area.left - area.right);
    const y = (value) => area.height - area.bottom - value / (most || 1) * (area.height - area.top - area.bottom);
    for (const share of [0, 0.5, 1]) {
        svgElement(svg, "line", { class: "axis", x1: area.left, x2: area.width - area.right, y1: y(share * most), y2: y(share * most) });
        svgElement(svg, "text", { x: area.left - 6, y: y(share * most) + 4, "text-anchor": "end" },
                   rounded(share * most) + (share === 1 && unit ? " " + unit : ""));
    }
    for (const [frame, anchor] of [[first, "start"], [Math.round((first + last) / 2), "middle"], [last, "end"]])
        svgElement(svg, "text", { x: x(frame), y: area.height - 6, "text-anchor": anchor }, frame);
    return { svg, x, y };
}

function legend(parent, names) {
    const line = add(parent, "div", "", { class: "row" });
    names.forEach((name, i) => {
        const part = add(line, "span", "");
        add(part, "span", "", { class: "key", style: `background:${colours[i % colours.length]}` });
        part.append(name);
    });
}

// `series`: [name, value of each of `list`]; bars of a frame lie on each other.
function stackedBars(parent, list, series, unit, most) {
    const first = list[0].frame, last = list[list.length - 1].frame;
    const sums = list.map((frame, i) => series.reduce((sum, [, values]) => sum + values[i], 0));
    const plot = chart(parent, first, last, most || Math.max(...sums), unit);
    const width = Math.max(1, (area.width - area.left - area.right) / Math.max(last - first, 1) * 0.85);
    list.forEach((frame, i) => {
        let below = 0;
        series.forEach(([name, values], k) => {
            const top = below + values[i];
            const bar = svgElement(plot.svg, "rect", { x: plot.x(frame.frame) - width / 2, y: plot.y(top), width,
                                   height: Math.max(0, plot.y(below) - plot.y(top)), fill: colours[k % colours.length] });
            svgElement(bar, "title", {}, `${frame.frame}: ${name} ${rounded(values[i])} ${unit}`);
            below = top;
        });
    });
    legend(parent, series.map(([name]) => name));
}

function line(parent, curve) {
    add(parent, "p", curve.name + (curve.unit ? `, ${curve.unit}` : ""));
    const last = curve.first_frame + curve.values.length - 1;
    const plot = chart(parent, curve.first_frame, last, Math.max(...curve.values, 0), curve.unit);
    const points = curve.values.map((value, i) => `${plot.x(curve.first_frame + i)},${plot.y(value)}`).join(" ");
    svgElement(plot.svg, "polyline", { points, fill: "none", stroke: colours[0], "stroke-width": 2 });
}

// "1001-1010, 1020"
function ranges(numbers) {
    const parts = [];
    for (const number of numbers)
        if (parts.length && parts[parts.length - 1][1] === number - 1)
            parts[parts.length - 1][1] = number;
        else
            parts.push([number, number]);
    return parts.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(", ");
}

// ---- tables
function table(parent, headings, rows) {
    const made = add(parent, "table", "");
    const head = add(made, "tr", "");
    headings.forEach((heading, i) => add(head, "th", heading, i ? { class: "number" } : {}));
    for (const row of rows) {
        const line = add(made, "tr", "");
        row.forEach((cell, i) => add(line, "td", cell, i ? { class: "number" } : {}));
    }
}

function setUpWarnings() {
    const section = element("warnings"), said = new Map();
    for (const frame of frames)
        for (const text of [...(frame.warnings || []), ...(frame.substitutions || [])])
            said.set(text, [...(said.get(text) || []), frame.frame]);
    const missing = frames.filter((frame) => frame.state === "missing").map((frame) => frame.frame);
    if (missing.length)
        add(section, "p", `${missing.length} frames are missing: ${ranges(missing)}`, { class: "bad" });
    for (const [text, numbers] of said)
        add(section, "p", `${text} (${ranges(numbers)})`);
    if (!said.size && !missing.length)
        add(section, "p", "none", { class: "quiet" });
}

function setUpOrigins() {
    const section = element("origins"), names = ["photographed", "moved", "synthesised", "simulated", "brought"];
    if (!recorded.length) {
        add(section, "p", "no frame has a record of its making", { class: "quiet" });
        return;
    }
    const list = recorded.map((frame) => ({ frame: frame.frame, ...frame.origins }));
    stackedBars(section, list, names.map((name) => [name, list.map((frame) => 100 * frame[name])]), "%", 100);
    table(section, ["", "mean share of the frame"],
          names.map((name) => [name, `${(100 * data.provenance.origins[name]).toFixed(2)} %`]));
}

function setUpTimes() {
    const section = element("times");
    if (recorded.length) {
        const steps = recorded[0].steps.map((step) => step.name);
        const series = steps.map((name, i) => [name, recorded.map((frame) => frame.steps[i] ? frame.steps[i].seconds : 0)])
            .filter(([, values]) => Math.max(...values) >= 0.0005);
        stackedBars(section, recorded, series, "s");
        const sum = (values) => values.reduce((total, value) => total + value, 0);
        table(section, ["step", "seconds a frame", "share"], series.map(([name, values]) =>
            [name, (sum(values) / recorded.length).toFixed(3),
             `${Math.round(100 * sum(values) / sum(series.map(([, all]) => sum(all))))} %`]));
        add(section, "p", `layers of a frame took ${rounded(Math.max(...recorded.map((frame) => frame.peak_bytes)) / 2 ** 20)} MiB at most`);
    }
    table(section, ["prepared once", "seconds", ""], data.provenance.stages
        .filter((stage) => stage.prepare.seconds >= 0.05 || stage.prepare.anew)
        .map((stage) => [stage.name, stage.prepare.seconds.toFixed(1), stage.prepare.anew ? "made anew" : "from the cache"]));
}

function setUpCurves() {
    const section = element("curves");
    for (const curve of data.provenance.curves)
        line(section, curve);
    if (!data.provenance.curves.length)
        section.hidden = true;
}

setUpReview();
setUpWarnings();
setUpOrigins();
setUpTimes();
setUpCurves();
