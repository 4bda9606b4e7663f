import { enhanceSignup } from "./features/signup/enhance";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-signup]")) {
  enhanceSignup(form);
}
