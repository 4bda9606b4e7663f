import { useEffect, useMemo, useRef, useState } from "react";
import type { Catalogue } from "../catalogue";
import type { BookingConfig } from "../config";
import { useBooked } from "../hooks/use-booked";
import { BookingContext, type BookingScene } from "../hooks/use-booking";
import { useDraft } from "../hooks/use-draft";
import { useStep } from "../hooks/use-step";
import { quoteVisit } from "../quote";
import type { Setback } from "../setback";
import { isReachable } from "../steps";
import type { Appointment } from "../types";
import { ConfirmStep } from "./confirm-step";
import { Done } from "./done";
import { FlowHeader } from "./flow-header";
import { ServicesStep } from "./services-step";
import { SummaryAside } from "./summary";
import { WhenStep } from "./when-step";
import { WhoStep } from "./who-step";
import { YouStep } from "./you-step";

type VisitProps = {
  readonly config: BookingConfig;
  readonly locale: string;
  readonly catalogue: Catalogue;
};

const STEP_VIEWS = {
  services: ServicesStep,
  who: WhoStep,
  when: WhenStep,
  you: YouStep,
  confirm: ConfirmStep,
};

export function Visit({ config, locale, catalogue }: VisitProps) {
  const [draft, dispatch] = useDraft(config.salon.url);
  const [said, announce] = useState("");
  const [setback, setSetback] = useState<Setback | null>(null);
  const [booked, setBooked] = useBooked(config.salon.url);
  const [place, go] = useStep(draft, booked !== null);
  const quote = useMemo(() => quoteVisit(catalogue, draft), [catalogue, draft]);
  const wish = useRef(config.option);

  useEffect(() => {
    dispatch({ type: "optionsKnown", optionIds: new Set(catalogue.offers.keys()) });
    const offer = catalogue.offers.get(wish.current ?? "");
    wish.current = null;
    if (!offer) return;
    // Taken out of the address, so that a reload does not choose again what was removed.
    window.history.replaceState(null, "", window.location.pathname + window.location.hash);
    const siblings = offer.service.options.map((option) => option.id);
    dispatch({ type: "optionWished", optionId: offer.option.id, siblings });
  }, [catalogue, dispatch]);

  const scene: BookingScene = {
    config,
    locale,
    catalogue,
    draft,
    quote,
    dispatch,
    go,
    announce,
    setback,
    setSetback,
  };
  const step = place === "done" ? null : place;
  const StepView = step && STEP_VIEWS[step];
  const hasAside = step !== null && step !== "confirm";
  const finish = (appointment: Appointment) => {
    setBooked(appointment);
    dispatch({ type: "booked" });
    go("done");
  };

  return (
    <BookingContext.Provider value={scene}>
      <FlowHeader
        config={config}
        {...(step && { step, go, canReach: (other) => isReachable(other, draft) })}
      />
      <main
        id="main"
        tabIndex={-1}
        className={`mx-auto px-5 pt-5 pb-36 desk:pt-11 ${hasAside ? "max-w-[1040px] desk:grid desk:grid-cols-[minmax(0,1fr)_336px] desk:gap-12" : "max-w-[680px]"}`}
      >
        <div className="grid min-w-0 content-start gap-6">
          {StepView ? (
            <StepView key={step} onBooked={finish} />
          ) : (
            booked && <Done appointment={booked} />
          )}
        </div>
        {hasAside && <SummaryAside />}
      </main>
      <p role="status" className="sr-only">
        {said}
      </p>
    </BookingContext.Provider>
  );
}
