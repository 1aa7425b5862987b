import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** @param {string} project @param {string[]} files */
const typed = (project, files) => ({
  files,
  languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
});

export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/*.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  typed("tsconfig.page.json", ["static/js/**/*.js"]),
  typed("tsconfig.worker.json", ["static/sw.js"]),
  typed("tsconfig.tests.json", ["tests/js/*.js"]),
  {
    rules: {
      "no-undef": "off",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Build nodes with lib/dom.js." },
        { property: "outerHTML", message: "Build nodes with lib/dom.js." },
        { property: "insertAdjacentHTML", message: "Build nodes with lib/dom.js." },
      ],
      "no-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
      complexity: ["error", 10],
      eqeqeq: "error",
      "max-lines-per-function": ["error", 60],
      "@typescript-eslint/no-floating-promises": "error",
    },
  },
  {
    // node:test runs what `test` gives back.
    files: ["tests/js/*.js"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
