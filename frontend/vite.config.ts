import { lingui } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/static/app/",
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  plugins: [react(), lingui({ macroTransform: true, failOnMissing: true }), tailwindcss()],
  build: {
    outDir: "dist",
    manifest: true,
    modulePreload: { polyfill: false },
    // Inlined assets would need a data: source in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/site.ts", "src/booking.tsx", "src/signup.ts"],
    },
  },
  test: {
    restoreMocks: true,
    sequence: { shuffle: true },
    // Far from every salon, so that nothing passes because the zones happen to agree.
    env: { TZ: "America/New_York" },
    projects: [
      {
        extends: true,
        test: { name: "rules", include: ["src/**/*.test.ts"], exclude: ["**/*.dom.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "screens",
          include: ["src/**/*.test.tsx", "src/**/*.dom.test.ts"],
          environment: "jsdom",
          setupFiles: ["src/test/setup.ts"],
        },
      },
    ],
  },
});
