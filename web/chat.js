// chat.js - makes the chat page live. The protocol is told in include/credbot/chan/webchat.h.
//
// The page came whole from the server; this adds what is said from now on. What the student
// writes is kept (in localStorage where there is one) until the server has it on disk, and is
// sent again with the same id after a lost connection, a reload or a restart of the server.
// Lines are put in order and told apart by their number. Nothing is ever read as HTML.

const log = document.getElementById("log");
const view = document.querySelector("main");
const form = document.getElementById("say");
const box = document.getElementById("text");
const choices = document.getElementById("choices");
const status = document.getElementById("status");

const hovers = matchMedia("(hover: hover)").matches; // has a mouse, so a keyboard too

const TEXT_BYTES = 8000; // the server reads 8192
const TOOK_MS = 10000; // without an answer after this the connection is dead
const PROBE_MS = 4000; // the same, when the student comes back to the page
const GAP_MS = 1000; // a missing line that does not come is asked for
const DOTS_MS = 10000;
const RETRY_MS = { first: 500, last: 15000 };

let botName = document.body.dataset.name;
let epoch = document.body.dataset.epoch;
let seen = 0; // all lines up to this number are here
let newest = 0; // the highest number that is here
let socket = null;
let ready = false;
let failures = 0;
let inFlight = null; // the message that waits for "took"
let editing = null; // the own message that is being changed
const lines = new Map(); // seq -> article
const mine = new Map(); // id -> { id, text, article }
const pending = []; // { id, text, of, at, article }, in the order of writing
const timers = {};

// --- small things

function element(tag, className, text) {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text !== undefined) el.textContent = text;
  return el;
}

function later(name, ms, fn) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(fn, ms);
}

function never(name) {
  clearTimeout(timers[name]);
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// --- what is kept over a reload; every browser may refuse it

const kept = {
  key: (id) => `credbot.${epoch}.${id}`,
  put(m) {
    try {
      const { id, text, of, at } = m;
      localStorage.setItem(this.key(id), JSON.stringify({ id, text, of, at }));
    } catch { /* then only this page knows it */ }
  },
  drop(id) {
    try {
      localStorage.removeItem(this.key(id));
    } catch { /* nothing was kept */ }
  },
  // The messages of this session; those of others are thrown away.
  load() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith("credbot.")) continue;
        if (key.startsWith(this.key("")))
          found.push(JSON.parse(localStorage.getItem(key)));
        else localStorage.removeItem(key);
      }
    } catch { /* as if it were empty */ }
    return found.filter((m) => m && m.id && m.text).sort((a, b) => a.at - b.at);
  },
};

// --- status

function sayStatus(text) {
  if (status.textContent !== text) status.textContent = text;
}

function showConnection() {
  if (ready && !timers.busy) return sayStatus("");
  if (ready) return sayStatus("The bot is busy. Your message will be sent soon.");
  sayStatus(pending.length > 0
    ? "No connection. Your message is kept and will be sent."
    : "No connection. Trying again …");
}

// --- lines

const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayTime = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});

function timeOf(ms) {
  const at = new Date(ms);
  const today = at.toDateString() === new Date().toDateString();
  const el = element("time", "", (today ? clockTime : dayTime).format(at));
  el.dateTime = at.toISOString();
  return el;
}

function addInline(parent, inline) {
  for (const part of inline) {
    if (typeof part === "string") {
      part.split("\n").forEach((text, i) => {
        if (i > 0) parent.append(element("br"));
        parent.append(text);
      });
    } else if (part.b) addInline(parent.appendChild(element("strong")), part.b);
    else if (part.i) addInline(parent.appendChild(element("em")), part.i);
    else if (part.code !== undefined) parent.append(element("code", "", part.code));
  }
}

function addBlocks(parent, blocks) {
  for (const block of blocks) {
    if (block.k === "p") addInline(parent.appendChild(element("p")), block.c);
    else if (block.k === "quote") addBlocks(parent.appendChild(element("blockquote")), block.c);
    else if (block.k === "code")
      parent.appendChild(element("pre")).append(element("code", "", block.text));
    else if (block.k === "ul" || block.k === "ol") {
      const list = parent.appendChild(element(block.k));
      if (block.start !== undefined && block.start !== 1) list.start = block.start;
      for (const item of block.c) addBlocks(list.appendChild(element("li")), item);
    }
  }
}

function addFiles(parent, files) {
  for (const file of files) {
    const link = element("a", "file", `Download ${file.name} `);
    link.href = file.href;
    link.download = file.name;
    link.append(element("span", "size", `(${file.size})`));
    parent.append(link);
  }
}

function articleOf(isMine, at) {
  const article = element("article", `line ${isMine ? "mine" : "bot"}`);
  article.append(
    element("p", "who", isMine ? "You said" : `${botName} said`),
    element("div", "bubble"),
    timeOf(at),
  );
  return article;
}

const seqOf = (article) => Number(article.dataset.seq || Infinity);

// Puts an article where its number belongs; those without one stay last.
function place(article) {
  let before = null;
  for (let el = log.lastElementChild; el !== null; el = el.previousElementSibling) {
    if (el === article) continue;
    if (seqOf(el) <= seqOf(article)) break;
    before = el;
  }
  if (article.parentNode !== log || article.nextElementSibling !== before)
    log.insertBefore(article, before);
}

function isAtEnd() {
  return view.scrollHeight - view.scrollTop - view.clientHeight < 120;
}

let following = true; // the end is in view and shall stay there
let shape = ""; // of the conversation, when following was last set

const shapeNow = () => `${view.clientWidth} ${view.clientHeight} ${view.scrollHeight}`;

const below = element("button", "below", "More below");
below.type = "button";
below.hidden = true;
below.addEventListener("click", () => scrollView(view.scrollHeight));
document.querySelector("footer").prepend(below);

function scrollView(y) {
  view.scrollTop = y;
  following = isAtEnd();
  shape = shapeNow();
  below.hidden = following;
}

// The keyboard came, the phone was turned, the message box grew: not the student scrolled.
function keepEnd() {
  if (following && shape !== shapeNow()) scrollView(view.scrollHeight);
}

view.addEventListener("scroll", () => {
  keepEnd();
  following = isAtEnd();
  if (following) below.hidden = true;
});
new ResizeObserver(keepEnd).observe(view);

// Shows a change and follows it if the end was in view or the student made it, but not past
// the start of the article that fn may return: an answer is read from its beginning.
function change(byStudent, fn) {
  const follow = byStudent || following;
  const article = fn();
  if (!follow) {
    below.hidden = false;
    return;
  }
  if (article === undefined) scrollView(view.scrollHeight);
  else scrollView(article.offsetTop - view.offsetTop - 16);
}

const dots = element("div", "dots");
dots.setAttribute("aria-hidden", "true");
dots.append(element("i"), element("i"), element("i"));

function showDots() {
  change(false, () => { log.after(dots); });
  later("dots", DOTS_MS, hideDots);
}

function hideDots() {
  never("dots");
  dots.remove();
}

function noteSeq(seq, article) {
  lines.set(seq, article);
  newest = Math.max(newest, seq);
  while (lines.has(seen + 1)) seen++;
  if (newest > seen) later("gap", GAP_MS, hello);
  else never("gap");
}

function showChoices(buttons) {
  choices.replaceChildren(...buttons.map((text) => {
    const button = element("button", "", text);
    button.value = text;
    return button;
  }));
}

function markLastMine() {
  for (const old of log.querySelectorAll(".edit")) old.remove();
  const last = [...log.querySelectorAll(".mine[data-seq]")].pop();
  if (last === undefined || pending.length > 0) return;
  const button = element("button", "edit", "Edit");
  button.type = "button";
  button.setAttribute("aria-label", "Edit this message");
  button.setAttribute("aria-live", "off"); // it is no news
  button.addEventListener("click", () => startEdit(last.dataset.id));
  last.append(button);
}

function onMyLine(m) {
  const known = mine.get(m.id);
  let article = known?.article ?? lines.get(m.seq);
  change(false, () => {
    article ??= articleOf(true, m.at);
    article.querySelector(".bubble").textContent = m.text;
    settle(m.id, article, m.seq);
  });
  mine.set(m.id, { id: m.id, text: m.text, article });
}

function onBotLine(m) {
  if (lines.has(m.seq)) return;
  change(false, () => {
    const article = articleOf(false, m.at);
    addBlocks(article.querySelector(".bubble"), m.body);
    addFiles(article.querySelector(".bubble"), m.files ?? []);
    article.dataset.seq = m.seq;
    noteSeq(m.seq, article);
    hideDots();
    place(article);
    if (m.seq === newest) showChoices(pending.length > 0 ? [] : m.buttons);
    return article;
  });
}

// An own message has its number: it is no longer pending.
function settle(id, article, seq) {
  const i = pending.findIndex((p) => p.id === id);
  if (i >= 0) pending.splice(i, 1);
  kept.drop(id);
  article.dataset.id = id;
  article.dataset.seq = seq;
  article.classList.remove("sending");
  noteSeq(seq, article);
  place(article);
  if (seq === newest) showChoices([]);
  markLastMine();
}

// --- sending

function addPending(m) {
  const article = articleOf(true, m.at);
  article.classList.add("sending");
  article.querySelector(".bubble").textContent = m.text;
  article.querySelector("time").after(element("span", "state", "sending"));
  m.article = article;
  pending.push(m);
  mine.set(m.id, m);
  place(article);
}

function say(text, of) {
  const m = { id: newId(), text, of, at: Date.now() };
  if (new TextEncoder().encode(text).length > TEXT_BYTES) {
    sayStatus("This message is too long. Please make it shorter.");
    return false;
  }
  kept.put(m);
  change(true, () => {
    addPending(m);
    showChoices([]);
    markLastMine();
  });
  if (!ready) later("slow", failures > 0 ? 0 : 1500, showConnection);
  sendNext();
  return true;
}

// One at a time, so that none overtakes another when the server says "later".
function sendNext() {
  if (!ready || inFlight !== null || timers.busy || pending.length === 0) return;
  inFlight = pending[0];
  const { id, text, of } = inFlight;
  socket.send(JSON.stringify(of ? { t: "edit", id, of, text } : { t: "say", id, text }));
  later("took", TOOK_MS, () => reconnect(0));
}

function landed(id) {
  never("took");
  if (inFlight?.id === id) inFlight = null;
}

function onTook(m) {
  const item = mine.get(m.id);
  landed(m.id);
  if (item !== undefined && m.seq > 0) {
    if (item.of) mine.get(item.of)?.article.classList.add("replaced");
    settle(m.id, item.article, m.seq);
  } else if (item !== undefined) {
    // It was changed in its place: its line comes again.
    forget(item);
  }
  if (pending.length === 0) showDots();
  sendNext();
}

function forget(item) {
  const i = pending.indexOf(item);
  if (i >= 0) pending.splice(i, 1);
  kept.drop(item.id);
  mine.delete(item.id);
  item.article.remove();
  markLastMine();
}

function onLater(m) {
  landed(m.id);
  later("busy", m.after, () => {
    timers.busy = 0;
    showConnection();
    sendNext();
  });
  showConnection();
}

function onNo(m) {
  const item = mine.get(m.id);
  landed(m.id);
  if (item !== undefined) {
    forget(item);
    if (box.value === "") setText(item.text);
    sayStatus(m.why === "long"
      ? "This message is too long. Please make it shorter."
      : "This message could not be sent.");
  }
  sendNext();
}

// --- the connection

function hello() {
  if (socket?.readyState === WebSocket.OPEN)
    socket.send(JSON.stringify({ t: "hello", seen }));
}

// Another session: nothing of the old one stays.
function startClean(newEpoch) {
  epoch = newEpoch;
  kept.load();
  lines.clear();
  mine.clear();
  pending.length = 0;
  seen = newest = 0;
  endEdit();
  hideDots();
  log.replaceChildren();
  showChoices([]);
}

function onWelcome(m) {
  botName = m.name;
  if (m.epoch === epoch && m.last >= seen) return;
  startClean(m.epoch);
  hello();
}

function onReady() {
  failures = 0;
  ready = true;
  seen = newest; // what is not here by now is no longer kept
  never("slow");
  never("gap");
  showConnection();
  sendNext();
}

const handlers = {
  welcome: onWelcome,
  line: (m) => (m.mine ? onMyLine(m) : onBotLine(m)),
  ready: onReady,
  took: onTook,
  later: onLater,
  no: onNo,
};

function connect() {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const ws = new WebSocket(url, "credbot.v1");
  let opened = false;
  socket = ws;
  ws.onopen = () => {
    opened = true;
    hello();
  };
  ws.onmessage = (event) => {
    if (ws !== socket) return;
    never("probe");
    const m = JSON.parse(event.data);
    handlers[m.t]?.(m);
  };
  ws.onclose = () => {
    if (ws !== socket) return;
    lost(opened);
  };
}

async function lost(opened) {
  socket = null;
  ready = false;
  inFlight = null;
  never("took");
  never("probe");
  never("gap");
  failures++;
  later("slow", failures > 1 ? 0 : 1500, showConnection);
  // Refused twice: perhaps the cookie is gone. The page brings a new one.
  if (!opened && failures === 2) {
    try {
      await fetch("/", { method: "HEAD", cache: "no-store" });
    } catch { /* no network */ }
  }
  const most = Math.min(RETRY_MS.last, RETRY_MS.first * 2 ** (failures - 1));
  if (socket === null) later("retry", most * (0.5 + Math.random() / 2), connect);
}

function reconnect(ms) {
  const old = socket;
  socket = null;
  old?.close();
  ready = false;
  inFlight = null;
  never("took");
  never("probe");
  later("retry", ms, connect);
}

// The network or the student is back: no reason to wait. A connection that looks open may
// have died while the device slept.
function tryNow() {
  if (socket === null) {
    later("retry", 0, connect);
  } else if (ready) {
    hello();
    later("probe", PROBE_MS, () => reconnect(0));
  }
}

window.addEventListener("online", tryNow);
window.addEventListener("offline", showConnection);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") tryNow();
});

// --- writing

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

function setText(text) {
  box.value = text;
  grow();
  box.focus();
  box.setSelectionRange(text.length, text.length);
}

const editBar = element("p", "editing");
editBar.hidden = true;
const editEnd = element("button", "", "Cancel");
editEnd.type = "button";
editEnd.addEventListener("click", () => {
  endEdit();
  setText("");
});
editBar.append("You are changing your last message. ", editEnd);
form.before(editBar);

function startEdit(id) {
  const item = mine.get(id);
  if (item === undefined) return;
  editing = id;
  editBar.hidden = false;
  setText(item.text);
}

function endEdit() {
  editing = null;
  editBar.hidden = true;
}

function submit() {
  const text = box.value.trim();
  if (text === "" || !say(text, editing ?? undefined)) return;
  endEdit();
  setText("");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

choices.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!button?.value) return;
  // The button goes; but a finger does not want the keyboard.
  const typing = hovers || button.matches(":focus-visible");
  if (say(button.value) && typing) box.focus();
});

box.addEventListener("input", () => {
  grow();
  if (ready) showConnection(); // what was said of the last message is past
});
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && box.value === "") {
    const last = log.querySelector(".mine .edit");
    if (last === null) return;
    event.preventDefault();
    last.click();
  } else if (event.key === "Escape" && editing !== null) {
    endEdit();
    setText("");
  }
});

// --- start

// Above a phone's keyboard, also where the browser lays it over the page.
function fit() {
  const v = window.visualViewport;
  if (v && v.scale > 1.01) return; // the student looks closer; nothing may jump
  document.documentElement.style.setProperty("--height", v ? `${v.height}px` : "100dvh");
}

function adopt() {
  for (const article of log.querySelectorAll(".line")) {
    const seq = Number(article.dataset.seq);
    const id = article.dataset.id;
    const bubble = article.querySelector(".bubble");
    const time = article.querySelector("time");
    time.replaceWith(timeOf(Date.parse(time.dateTime)));
    lines.set(seq, article);
    seen = newest = Math.max(newest, seq);
    if (id !== undefined) mine.set(id, { id, text: bubble.textContent, article });
  }
}

document.documentElement.classList.add("live");
adopt();
for (const m of kept.load()) {
  if (mine.has(m.id)) kept.drop(m.id);
  else addPending(m);
}
markLastMine();
window.visualViewport?.addEventListener("resize", fit);
fit();
grow();
scrollView(view.scrollHeight);
if (hovers) box.focus({ preventScroll: true });
later("slow", 2500, showConnection);
connect();
