// Build of the hub's web app, served by Django.
import { defineConfig } from "vite";
import { appConfig } from "../vite.app.ts";

export default defineConfig(
  appConfig({
    root: import.meta.dirname,
    outDir: "../../central_hub/static_app",
    devBackend: process.env.GTV_DEV_HUB_URL ?? "http://localhost:8000",
  }),
);
