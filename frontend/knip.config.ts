import type { KnipConfig } from "knip";

const config: KnipConfig = {
  entry: ["src/{site,signup}.ts"],
  project: ["src/**/*.{ts,tsx,css}", "*.{ts,js}"],
  compilers: {
    // Fonts and Tailwind are used from style sheets only.
    css: (text: string) =>
      [...text.matchAll(/(?:@import |url\()"([^"]+)"/g)]
        .map(([, path]) => `import "${path ?? ""}";`)
        .join("\n"),
  },
};

export default config;
