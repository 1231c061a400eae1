// What the two apps' builds have in common.
import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

interface App {
  /** The app's folder. */
  root: string;
  /** Where the Python package that serves it expects the files. */
  outDir: string;
  /** The backend that `npm run dev` forwards /api to. */
  devBackend: string;
}

export function appConfig({ root, outDir, devBackend }: App): UserConfig {
  return {
    root,
    base: "/",
    // What went well needs no forty lines of file sizes.
    logLevel: "warn",
    plugins: [react(), tailwindcss()],
    build: {
      outDir: path.resolve(root, outDir),
      emptyOutDir: true,
      assetsDir: "assets",
      // Files stay files: a strict content security policy allows no data: fonts or scripts.
      assetsInlineLimit: 0,
      // hls.js is the largest chunk; it is loaded only when a video is opened.
      chunkSizeWarningLimit: 600,
    },
    server: { proxy: { "/api": devBackend } },
  };
}
