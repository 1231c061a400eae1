// Writes each app's src/api/schema.d.ts from the committed OpenAPI documents.
// With --check it writes nothing and fails when a file is missing or out of date.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const web = path.resolve(import.meta.dirname, "..");
const clients = [
  { document: "docs/api/hub.openapi.json", types: "web/hub/src/api/schema.d.ts" },
  { document: "docs/api/edge.openapi.json", types: "web/console/src/api/schema.d.ts" },
];
const checking = process.argv.includes("--check");
const stale = [];

for (const { document, types } of clients) {
  const source = JSON.parse(await readFile(path.join(web, "..", document), "utf8"));
  const header = `// Generated from ${document} by \`npm run generate\`: do not edit.\n\n`;
  const wanted = header + astToString(await openapiTS(source));
  const target = path.join(web, "..", types);
  if (!checking) await writeFile(target, wanted);
  else if ((await readFile(target, "utf8").catch(() => null)) !== wanted) stale.push(types);
}

if (stale.length > 0) {
  console.error(`Out of date, run \`npm run generate\`: ${stale.join(", ")}`);
  process.exitCode = 1;
}
