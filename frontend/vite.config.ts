// Builds src/preau/ui/dist: hashed files, their gzipped twins, and manifest.json (asset name → hashed name).
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const assets = resolve(here, "../src/preau/ui/assets");

/** Emits the files that no stylesheet names, and writes the manifest that `{% asset %}` reads. */
function house(): Plugin {
  return {
    name: "preau-house",
    buildStart() {
      for (const name of ["icons.svg", "favicon.svg"]) {
        this.emitFile({ type: "asset", name, originalFileName: name, source: readFileSync(resolve(assets, name)) });
      }
    },
    generateBundle(_, bundle) {
      const names: Record<string, string> = {};
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk") {
          if (file.isEntry && file.facadeModuleId?.endsWith(".ts")) names[`${file.name}.js`] = file.fileName;
          continue;
        }
        const original = file.originalFileNames[0];
        if (original === undefined) continue;
        const absolute = resolve(here, original);
        names[absolute.startsWith(assets) ? relative(assets, absolute) : original] = file.fileName;
      }
      const sorted = Object.fromEntries(Object.entries(names).sort());
      this.emitFile({ type: "asset", fileName: "manifest.json", source: `${JSON.stringify(sorted, null, 2)}\n` });
    },
    writeBundle(options, bundle) {
      const folder = options.dir ?? here;
      for (const file of Object.values(bundle)) {
        if (!/\.(css|js|svg)$/.test(file.fileName)) continue;
        const path = resolve(folder, file.fileName);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

const sheets = ["house", "door", "print", "showroom"].map((name) => resolve(assets, `css/${name}.css`));

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  plugins: [house()],
  build: {
    outDir: resolve(assets, "../dist"),
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rollupOptions: {
      input: [resolve(here, "src/app.ts"), ...sheets],
    },
  },
});
