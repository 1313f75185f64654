// @cedx/akismet 16.2.1 asks a server: node uses_cedx_akismet.js HOST:PORT KEY SPAM HAM
"use strict";
const { pathToFileURL } = require("url");

const [host, key, spam, ham] = process.argv.slice(2);
const RESULTS = ["ham", "spam", "pervasiveSpam"];

async function ask(promise) {
  try {
    const told = await promise;
    return typeof told === "number" ? RESULTS[told] : told;
  } catch (error) {
    return { refused: error.message };
  }
}

async function main() {
  // A module of the new kind, which is looked for where it was installed.
  const at = `${process.cwd()}/node_modules/@cedx/akismet/lib/index.js`;
  const { Author, Blog, Client, Comment } = await import(pathToFileURL(at));
  const blog = new Blog({ url: "https://blog.example", charset: "UTF-8", languages: ["en"] });
  const client = (key) => new Client(key, blog, { baseUrl: `http://${host}` });
  const [good, bad] = [client(key), client("nonsense")];
  const comment = (content, role = "") =>
    new Comment({
      author: new Author({ ipAddress: "192.0.2.1", name: "Ann", role, userAgent: "Mozilla/5.0" }),
      content,
      context: ["talks", "ceasefire"],
      date: new Date(),
      permalink: "https://blog.example/talks",
      type: "comment",
    });
  const told = {
    verify: [await ask(good.verifyKey()), await ask(bad.verifyKey())],
    check: [
      await ask(good.checkComment(comment(spam))),
      await ask(good.checkComment(comment(ham))),
      await ask(bad.checkComment(comment(ham))),
      await ask(good.checkComment(comment(""))),
    ],
    administrator: await ask(good.checkComment(comment(spam, "administrator"))),
    submit: [
      await ask(good.submitSpam(comment(spam))),
      await ask(good.submitHam(comment(ham))),
      await ask(bad.submitHam(comment(ham))),
    ],
  };
  process.stdout.write(JSON.stringify(told));
}

main();
