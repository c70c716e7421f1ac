import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `npm run dev` finds a cloud: that of `opensync up`, whose page it stands in for.
const cloud = process.env.OPENSYNC_CLOUD ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2024",
    // Nothing is inlined: the content security policy takes files of the site only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: cloud, changeOrigin: false } } },
});
