import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de", "pl"],
  catalogs: [{ path: "src/locales/{locale}", include: ["src"], exclude: ["src/test/**"] }],
  format: formatter({ lineNumbers: false }),
});
