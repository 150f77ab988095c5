// peer_grammy.js - a bot on grammY that answers every text with one and the same message.
//
//   node peer_grammy.js API_URL TOKEN REPLY_FILE plain|runner
const { readFileSync } = require("fs");
const { Bot } = require("grammy");
const { run } = require("@grammyjs/runner");

const [apiRoot, token, file, how] = process.argv.slice(2);
const { text, ...more } = JSON.parse(readFileSync(file, "utf8"));
const bot = new Bot(token, { client: { apiRoot } });

bot.on("message:text", (ctx) => ctx.api.sendMessage(ctx.chat.id, text, more));
bot.catch((e) => console.error(String(e.error)));
if (how === "runner")
	run(bot);
else
	bot.start();
