// An API client on Node's fetch: many at once, an upload from a stream.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [host, folder] = process.argv.slice(2);
const at = (path) => new URL(path, `http://${host}`);
const placeOf = (response) => new URL(response.headers.get("Location"), response.url);

function expect(what, isSo, ...said) {
  if (!isSo) {
    console.error(what, ...said);
    process.exit(1);
  }
}

async function paste(number) {
  const text = `paste ${number}\n`.repeat(5_000);
  const stream = new Blob([text]).stream();
  const body = number % 2 ? stream : text;
  let response = await fetch(at("/p"), { method: "POST", body, duplex: "half" });
  expect("a paste is made", response.status === 201, response.status);
  await response.text();
  const made = placeOf(response);
  response = await fetch(made);
  expect("it is what was sent", (await response.text()) === text, response.status);
  response = await fetch(made, { method: "DELETE" });
  expect("it is deleted", response.status === 204, response.status);
  response = await fetch(made, { method: "HEAD" });
  expect("it is gone", response.status === 404, response.status);
}

async function link(number) {
  const url = at(`/hello.txt?${number}`).href;
  let response = await fetch(at("/s"), { method: "POST", body: url });
  expect("a link is made", response.status === 201, response.status);
  await response.text();
  response = await fetch(placeOf(response));
  const said = [response.url, await response.text()];
  expect("it is followed", said[0] === url && said[1] === "hello\n", ...said);
}

// What is too long, and what nobody wants.
async function refused(path, status, number) {
  const body = "x".repeat(4_000_000);
  const response = await fetch(at(path), { method: "POST", body });
  await response.text();
  expect(`refusal ${number} of ${path}`, response.status === status, response.status);
}

const large = readFileSync(`${folder}/large.bin`);
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function download() {
  const response = await fetch(at("/large.bin"));
  const got = new Uint8Array(await response.arrayBuffer());
  expect("a file comes whole", digest(got) === digest(large), got.length);
}

async function part() {
  const headers = { Range: "bytes=1000-1999" };
  const response = await fetch(at("/large.bin"), { headers });
  const got = new Uint8Array(await response.arrayBuffer());
  const isPart = digest(got) === digest(large.subarray(1000, 2000));
  expect("a part of it", response.status === 206 && isPart, response.status);
}

const numbers = Array.from({ length: 64 }, (_, number) => number);
await Promise.all([
  ...numbers.map(paste),
  ...numbers.map(link),
  ...numbers.slice(0, 16).flatMap(() => [download(), part()]),
]);
for (let number = 0; number < 10; number++) {
  await refused("/p", 413, number);
  await refused("/", 405, number);
}
