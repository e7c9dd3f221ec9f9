// A button on each listing that copies the code as it stands in this step, and keys that scroll
// a listing wider than its box.
"use strict";

for (const code of document.querySelectorAll(".listing .code")) {
    const isWide = () => code.scrollWidth > code.clientWidth;
    new ResizeObserver(() => {
        if (isWide()) {
            code.tabIndex = 0;
        } else {
            code.removeAttribute("tabindex");
        }
    }).observe(code);
    // Elsewhere on the page these keys turn to another chapter.
    code.addEventListener("keydown", (event) => {
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
