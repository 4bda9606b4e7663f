import createClient from "openapi-fetch";
import type { paths } from "@/api/salon";

export const salonApi = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that it can be watched and replaced.
  fetch: (request) => window.fetch(request),
});
