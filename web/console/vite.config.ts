// Build of the LAN console, served by the edge box.
import { defineConfig } from "vite";
import { appConfig } from "../vite.app.ts";

export default defineConfig(
  appConfig({
    root: import.meta.dirname,
    outDir: "../../edge_agent/static_app",
    devBackend: process.env.GTV_DEV_EDGE_URL ?? "http://localhost:8080",
  }),
);
