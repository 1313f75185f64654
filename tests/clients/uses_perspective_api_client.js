// perspective-api-client 3.1.0 asks a server: node uses_perspective_api_client.js URL KEY
"use strict";
const { createRequire } = require("module");
const installed = createRequire(`${process.cwd()}/`); // where it was installed
const axios = installed("axios");
const Perspective = installed("perspective-api-client");

const [url, key] = process.argv.slice(2);
const google = "https://commentanalyzer.googleapis.com";
axios.interceptors.request.use((config) => ({ ...config, url: config.url.replace(google, url) }));

async function ask(apiKey, text, options) {
  try {
    return await new Perspective({ apiKey }).analyze(text, options);
  } catch (error) {
    return { refused: error.name, message: error.message };
  }
}

async function main() {
  const told = {
    good: await ask(key, "<p>You turnip.", { attributes: ["toxicity", "insult"] }),
    whole: await ask(key, {
      comment: { text: "\u{1f600} Well said. You turnip!" },
      requestedAttributes: { TOXICITY: { scoreThreshold: 0.5 } },
      spanAnnotations: true,
    }),
    "bad key": await ask("wrong", "You turnip."),
    unknown: await ask(key, "You turnip.", { attributes: ["warmth"] }),
    "too long": await ask(key, "\u00fc".repeat(10241)),
    empty: await ask(key, "", { validate: false }),
  };
  process.stdout.write(JSON.stringify(told));
}

main();
