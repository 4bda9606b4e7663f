import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { speak } from "@/lib/i18n";

// jsdom draws nothing, so it has none of these.
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe = vi.fn();
    unobserve = vi.fn();
    disconnect = vi.fn();
  },
);
window.scrollTo = vi.fn();
Element.prototype.scrollIntoView = vi.fn();
HTMLCanvasElement.prototype.getContext = () => null;

beforeEach(async () => {
  window.sessionStorage.clear();
  window.history.replaceState(null, "", "/book");
  await speak("en");
});
afterEach(cleanup);
