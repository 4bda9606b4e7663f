import type { ZodMiniType } from "zod/mini";

/** Reads what an earlier visit left in this tab; anything that does not fit is forgotten. */
export function recall<T>(key: string, shape: ZodMiniType<T>): T | null {
  try {
    const found = shape.safeParse(JSON.parse(window.sessionStorage.getItem(key) ?? "null"));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage can be full or forbidden; booking works without it.
  }
}
