import { type QueryClient, useQueries } from "@tanstack/react-query";
import { answerOf } from "@/lib/problem";
import { buildCatalogue } from "../catalogue";
import { salonApi } from "./client";

const services = {
  queryKey: ["services"],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await answerOf(salonApi.GET("/api/v1/catalog/services", { signal }))).items,
  staleTime: 5 * 60_000,
};

const staff = {
  queryKey: ["staff"],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await answerOf(salonApi.GET("/api/v1/staff", { signal }))).items,
  staleTime: 5 * 60_000,
};

/** Asks while the page is still getting ready to show anything. */
export function warmCatalogue(client: QueryClient): void {
  client.query(services).catch(() => null);
  client.query(staff).catch(() => null);
}

export function useCatalogue() {
  return useQueries({
    queries: [services, staff],
    combine: ([offered, team]) => ({
      catalogue: offered.data && team.data ? buildCatalogue(offered.data, team.data) : null,
      isError: offered.isError || team.isError,
      retry: () => {
        void offered.refetch();
        void team.refetch();
      },
    }),
  });
}
