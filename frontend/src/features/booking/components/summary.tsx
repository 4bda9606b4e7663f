import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import { Collapsible } from "radix-ui";
import { PhaseStrip } from "@/components/ui/phase-strip";
import { offerName } from "../catalogue";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { usePhases } from "../hooks/use-phases";
import { SummaryLines } from "./summary-lines";

/** Beside the step on a desk, folded above nothing on a phone: what has been chosen so far. */
export function Summary() {
  const { t } = useLingui();
  const { quote, step } = useBooking();
  const labels = useLabels();
  const phases = usePhases(quote.lines);
  const isEmpty = quote.lines.length === 0;
  const names = quote.lines.map((line) => offerName(line.offer)).join(", ");

  return (
    <aside
      aria-label={t`Your visit`}
      className={`panel desk:sticky desk:top-32 desk:self-start ${isEmpty || step === "services" ? "hidden desk:block" : "order-first mb-6 desk:order-none desk:mb-0"}`}
    >
      {isEmpty ? (
        <p className="p-5 text-ink-2">
          <Trans>What you choose appears here.</Trans>
        </p>
      ) : (
        <Collapsible.Root>
          <Collapsible.Trigger className="group block w-full p-3.5 text-left desk:pointer-events-none desk:p-5 desk:pb-4">
            <span className="flex items-center gap-3">
              <b className="num min-w-0 flex-1">
                {labels.services(quote.lines.length)}, {labels.duration(quote.minutes)}
              </b>
              {quote.total && <b className="num">{labels.total(quote.total, quote.isFrom)}</b>}
              <ChevronDown
                className="i text-lg text-ink-3 transition-transform group-data-[state=open]:rotate-180 desk:hidden"
                aria-hidden
              />
            </span>
            <span className="sr-only">{names}</span>
            <span className="mt-2.5 block desk:hidden">
              <PhaseStrip pieces={phases.pieces} label={phases.spoken} />
            </span>
            {phases.wait && (
              <span className="mt-1.5 flex items-center gap-2 text-sm text-ink-2 desk:mt-2">
                <span
                  className={`cat-${phases.wait.colour} ph-processing h-2.5 w-4 flex-none rounded-[3px]`}
                />
                {phases.wait.text}
              </span>
            )}
          </Collapsible.Trigger>
          <Collapsible.Content
            forceMount
            className="px-3.5 pb-1 data-[state=closed]:hidden desk:px-5 desk:pb-2 desk:data-[state=closed]:block"
          >
            <SummaryLines />
          </Collapsible.Content>
        </Collapsible.Root>
      )}
    </aside>
  );
}
