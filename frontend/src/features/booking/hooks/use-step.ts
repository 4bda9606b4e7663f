import { useCallback, useEffect, useState } from "react";
import type { Draft } from "../draft";
import { furthestStep, isReachable, isStep, type Step } from "../steps";

/** A step, or the confirmation after the last one. */
export type Place = Step | "done";

/** The step lives in the address, so the browser's own back and forward walk the steps. */
export function useStep(draft: Draft, isBooked: boolean): [Place, (place: Place) => void] {
  const [asked, setAsked] = useState<Place>(() => fromAddress() ?? "services");
  const isAllowed = asked === "done" ? isBooked : isReachable(asked, draft);
  const place = isAllowed ? asked : furthestStep(draft);

  useEffect(() => {
    const follow = () => {
      const next = fromAddress();
      if (next) setAsked(next);
      // A jump inside the page, such as the skip link's, is no step.
      else window.history.replaceState(null, "", `#${place}`);
    };
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, [place]);

  useEffect(() => {
    if (window.location.hash !== `#${place}`) window.history.replaceState(null, "", `#${place}`);
  }, [place]);

  const go = useCallback((next: Place) => {
    // The confirmation takes the place of the last step: back must not lead to booking twice.
    if (next !== "done" && window.location.hash !== `#${next}`)
      window.history.pushState(null, "", `#${next}`);
    setAsked(next);
  }, []);
  return [place, go];
}

function fromAddress(): Place | null {
  const name = window.location.hash.slice(1);
  return name === "done" || isStep(name) ? name : null;
}
