// A button on each listing that copies the code as it stands in this step, and keys that scroll
// a listing or a picture wider than its box.
"use strict";

for (const box of document.querySelectorAll(".listing .code, .picture")) {
    const isWide = () => box.scrollWidth > box.clientWidth;
    new ResizeObserver(() => {
        if (isWide()) {
            box.tabIndex = 0;
        } else {
            box.removeAttribute("tabindex");
        }
    }).observe(box);
    // Elsewhere on the page these keys turn to another chapter.
    box.addEventListener("keydown", (event) => {
        if (isWide() && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
            event.stopPropagation();
        }
    });
}

for (const listing of document.querySelectorAll(".listing")) {
    const parts = [...listing.querySelectorAll(".part:not(.all-gone)")];
    if (parts.length === 0 || !navigator.clipboard) {
        continue;
    }
    const current = (part) => [...part.querySelectorAll(".line:not(del)")]
        .map((line) => {
            const copy = line.cloneNode(true);
            copy.querySelectorAll(".said").forEach((said) => said.remove());
            return copy.textContent + "\n";
        })
        .join("");
    const text = () => parts
        .map((part) => (part.classList.contains("apart") ? "\n" : "") + current(part))
        .join("");

    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text());
        button.textContent = "copied";
        setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
    listing.querySelector("figcaption").append(button);
}
