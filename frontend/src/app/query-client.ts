import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/problem";

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Waiting in silence for the network would look like work in progress.
        networkMode: "always",
        // What was refused stays refused; only what did not arrive is worth asking again.
        retry: (failures, error) => failures < 2 && error instanceof Problem && error.isUncertain,
      },
      mutations: { networkMode: "always" },
    },
  });
}
