// Builds the style sheet and the scripts into a folder of files named by their content, with compressed copies.
//
//   node build.mjs OUT
//
// Entry points: every .ts file in src/ that a page loads is listed in ENTRIES (an app's island goes there too).
// What an entry imports only when it is needed (`await import(...)`) becomes a file of its own, named by esbuild; a page
// that will need it can say so early, as `part-graph.js`.
// manifest.json in OUT says which file stands for which name: {"bluelamp.css": "bluelamp-1a2b3c4d.css", ...}

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const ENTRIES = ["scripted.ts", "bluelamp.ts", "workbench.ts", "story.ts"];

// The map does its sums beside the page, in this file of MapLibre; it is served as it is.
const MAP_WORKER = "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../src/bluelamp/web/static/built"));

async function scripts() {
  const built = await esbuild.build({
    entryPoints: ENTRIES.map((entry) => join(here, "src", entry)),
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    loader: { ".svg": "file" },
    assetNames: "icon-[name]-[hash]",
    chunkNames: "part-[name]-[hash]",
    publicPath: "/static",
    target: "es2022",
    minify: true,
    legalComments: "eof",
    write: false,
  });
  return built.outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1), Buffer.from(file.contents)]);
}

// Without the address of a source map that is not served.
function mapWorker() {
  return Buffer.from(readFileSync(join(here, MAP_WORKER), "utf-8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

function styles() {
  const made = sass.compile(join(here, "styles/bluelamp.scss"), {
    loadPaths: [here],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: [],
  });
  // esbuild's minifier knows more of CSS than sass does, and drops what is said twice.
  return esbuild.transformSync(made.css, { loader: "css", minify: true, target: "chrome115" }).code;
}

// esbuild has named these by their content already, and what imports them knows them by that name.
const NAMED = /^(part|icon)-(.*)-[A-Z0-9]{8}\.(js|svg)$/;

function named(name, content) {
  const kind = extname(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return `${name.slice(0, -kind.length)}-${hash}${kind}`;
}

function publish(files) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const manifest = {};
  for (const [name, content] of files) {
    const hashed = NAMED.test(name) ? name : named(name, content);
    const small = brotliCompressSync(content);
    writeFileSync(join(out, hashed), content);
    writeFileSync(join(out, `${hashed}.br`), small);
    writeFileSync(join(out, `${hashed}.gz`), gzipSync(content, { level: 9 }));
    manifest[name.replace(NAMED, "$1-$2.$3")] = hashed;
    console.log(`${name}: ${content.length} bytes, ${small.length} compressed`);
  }
  writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2));
}

const assets = readdirSync(join(here, "assets")).map((name) => [name, readFileSync(join(here, "assets", name))]);
publish([["bluelamp.css", Buffer.from(styles())], ...(await scripts()), ["map-worker.js", mapWorker()], ...assets]);
