// npm's own order: node-semver. The first argument is "loose" for npm, and "strict" for Semantic Versioning as it is written.
const semver = require("semver");
const strict = process.argv[2] === "strict";
const parse = (text) => {
  // Strictly no prefix and no white space belong to a version.
  if (strict && !/^[0-9]/.test(text)) return null;
  return semver.parse(text, { loose: !strict });
};
const lines = require("fs").readFileSync(0, "utf8").split("\n").slice(0, -1);
for (const line of lines) {
  const [a, b] = line.split("\t").map(parse);
  console.log(a === null ? "!1" : b === null ? "!2" : "<=>"[semver.compare(a, b) + 1]);
}
