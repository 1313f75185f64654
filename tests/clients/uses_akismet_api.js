// akismet-api 6.0.0 asks a server: node uses_akismet_api.js HOST:PORT KEY SPAM HAM
"use strict";
const dns = require("dns");
const { createRequire } = require("module");

// It puts the key before the host's name, and KEY.localhost does not resolve everywhere.
const lookup = dns.lookup;
dns.lookup = (host, options, told) =>
  lookup(host.endsWith(".localhost") ? "127.0.0.1" : host, options, told);

const installed = createRequire(`${process.cwd()}/`); // where it was installed
const { AkismetClient } = installed("akismet-api");
const [host, key, spam, ham] = process.argv.slice(2);

async function ask(promise) {
  try {
    const told = await promise;
    return told.text === undefined ? told : told.text;
  } catch (error) {
    return { refused: error.message };
  }
}

async function main() {
  const client = (key) =>
    new AkismetClient({ key, blog: "https://blog.example", host, protocol: "http" });
  const [good, bad] = [client(key), client("nonsense")];
  const known = { ip: "192.0.2.1", useragent: "Mozilla/5.0", name: "Ann" };
  const told = {
    verify: [await ask(good.verifyKey()), await ask(bad.verifyKey())],
    check: [
      await ask(good.checkSpam({ ...known, content: spam })),
      await ask(good.checkSpam({ ...known, content: ham })),
      await ask(bad.checkSpam({ ...known, content: ham })),
      await ask(good.checkSpam(known)),
    ],
    honeypot: await ask(good.checkSpam({ ...known, content: ham, honeypot: "filled" })),
    submit: [
      await ask(good.submitSpam({ ...known, content: spam })),
      await ask(good.submitHam({ ...known, content: ham })),
      await ask(bad.submitHam({ ...known, content: ham })),
    ],
  };
  process.stdout.write(JSON.stringify(told));
}

main();
