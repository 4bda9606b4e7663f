/** RFC 9457 problem details, and the two things that come instead of them. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "Problem";
  }

  /** Nobody knows whether it arrived: repeat with the same key, never with a new one. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** Messages by field path, such as `client.email`. */
  get fields(): Readonly<Record<string, string>> {
    const fields = this.body["fields"];
    if (typeof fields !== "object" || fields === null) return {};
    return Object.fromEntries(
      Object.entries(fields).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    );
  }
}

export function readProblem(status: number, body: unknown): Problem {
  const known = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof known[name] === "string" ? known[name] : "");
  return new Problem(status, text("code") || "unknown", text("detail") || text("title"), known);
}

export function unreachable(): Problem {
  return new Problem(0, "unreachable", "");
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Unwraps an openapi-fetch call: the data, or a `Problem` thrown. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw unreachable();
  });
  if (answer.data !== undefined && answer.response.ok) return answer.data;
  throw readProblem(answer.response.status, answer.error);
}
