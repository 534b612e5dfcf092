// A and B each lie under the other one, already decoded: flicking is nothing but showing it.
const pairs = [...document.querySelectorAll(".views")];

function show(figure, other) {
    figure.classList.toggle("flicked", other);
    figure.querySelector("figcaption").textContent = other ? figure.dataset.other : figure.dataset.own;
}

for (const views of pairs) {
    const [a, b] = [views.querySelector(".a"), views.querySelector(".b")];
    for (const [figure, other] of [[a, b], [b, a]]) {
        figure.dataset.own = figure.querySelector("figcaption").textContent;
        figure.dataset.other = other.querySelector("figcaption").textContent;
    }
    for (const [figure, other] of [[a, b], [b, a]]) {
        const above = other.querySelector("img").cloneNode();
        above.className = "other";
        figure.querySelector("img").after(above);
        figure.addEventListener("mouseenter", () => show(figure, true));
        figure.addEventListener("mouseleave", () => show(figure, false));
    }
}

/// The pictures that have the focus, else those nearest to the top of the window.
function current() {
    const focused = pairs.find((views) => views === document.activeElement);
    return focused ?? pairs.find((views) => views.getBoundingClientRect().bottom > 100) ?? pairs.at(-1);
}

document.addEventListener("keydown", (event) => {
    if (pairs.length === 0 || event.ctrlKey || event.metaKey || event.altKey)
        return;
    const key = event.key.toLowerCase();
    if (key === "f") {
        const a = current().querySelector(".a");
        show(a, !a.classList.contains("flicked"));
    } else if (key === "j" || key === "k") {
        const at = pairs.indexOf(current());
        const next = pairs.find((views) => views === document.activeElement) ? at + (key === "j" ? 1 : -1) : at;
        const views = pairs[Math.min(Math.max(next, 0), pairs.length - 1)];
        views.focus({ preventScroll: true });
        views.closest("section").scrollIntoView({ block: "start" });
    }
});
