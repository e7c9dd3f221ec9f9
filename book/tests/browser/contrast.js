// The texts of a player and of recorded runs whose contrast is under 4.5 to 1, in every frame.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
};
const over = ([r, g, b, a], [R, G, B]) =>
    [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const ground = (element) => {
    const layers = [];
    for (let it = element; it; it = it.parentElement) layers.push(rgba(getComputedStyle(it).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
};
const light = (color) => {
    const [r, g, b] = color.map((it) => it / 255).map((it) =>
        (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
};
const faults = new Set();
const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
        const words = [...element.childNodes].some((it) => it.nodeType === 3 && it.data.trim());
        if (!words || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.closest(".absent, .gone, .idles, :disabled, script, .news")) continue;
        let below = ground(element);
        if (element.matches(".holds .bytes")) {
            const fill = element.parentElement.querySelector(".fill");
            below = over(rgba(getComputedStyle(fill).backgroundColor), below);
        }
        const ratio = contrast(over(rgba(getComputedStyle(element).color), below), below);
        if (ratio < 4.5) faults.add(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
    }
};
document.querySelectorAll(".run, .calls").forEach(look);
for (const player of document.querySelectorAll(".replay")) {
    const step = player.querySelector(".step");
    look(player);
    while (!step.disabled) {
        step.click();
        look(player);
    }
}
return [...faults];
