import { useCallback, useEffect, useState } from "react";
import type { Draft } from "../draft";
import { furthestStep, isReachable, isStep, type Step } from "../steps";

/** The step lives in the address, so the browser's own back and forward walk the steps. */
export function useStep(draft: Draft): [Step, (step: Step) => void] {
  const [asked, setAsked] = useState(fromAddress);

  useEffect(() => {
    const follow = () => setAsked(fromAddress());
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);

  const step = isReachable(asked, draft) ? asked : furthestStep(draft);

  useEffect(() => {
    if (window.location.hash !== `#${step}`) window.history.replaceState(null, "", `#${step}`);
  }, [step]);

  const go = useCallback((next: Step) => {
    if (window.location.hash !== `#${next}`) window.history.pushState(null, "", `#${next}`);
    setAsked(next);
  }, []);
  return [step, go];
}

function fromAddress(): Step {
  const name = window.location.hash.slice(1);
  return isStep(name) ? name : "services";
}
