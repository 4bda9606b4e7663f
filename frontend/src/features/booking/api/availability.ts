import { queryOptions } from "@tanstack/react-query";
import type { Day } from "@/lib/dates";
import { answerOf } from "@/lib/problem";
import { salonApi } from "./client";

export function availability(from: Day, to: Day, lines: readonly string[]) {
  return queryOptions({
    queryKey: ["availability", from, to, lines],
    queryFn: ({ signal }) =>
      answerOf(
        salonApi.GET("/api/v1/booking/availability", {
          params: { query: { from, to, line: [...lines] } },
          signal,
        }),
      ),
    // Times go while one thinks; a look back at a week is worth a fresh answer.
    staleTime: 15_000,
    enabled: lines.length > 0,
  });
}
