import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import { Collapsible } from "radix-ui";
import { PhaseStrip } from "@/components/ui/phase-strip";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { usePhases } from "../hooks/use-phases";
import { SummaryLines } from "./summary-lines";

/** On a phone, under the heading of a step: the visit as a strip that unfolds. */
export function FoldedSummary() {
  const { t } = useLingui();
  const { quote } = useBooking();
  const phases = usePhases(quote.lines);
  return (
    <Collapsible.Root asChild>
      <section aria-label={t`Your visit`} className="panel desk:hidden">
        <Collapsible.Trigger className="group block w-full p-3.5 text-left">
          <span className="flex items-center gap-3">
            <Totals />
            <ChevronDown
              className="i text-lg text-ink-3 transition-transform group-data-[state=open]:rotate-180"
              aria-hidden
            />
          </span>
          <span className="mt-2.5 block">
            <PhaseStrip pieces={phases.pieces} label={phases.spoken} />
          </span>
          <WaitNote />
        </Collapsible.Trigger>
        <Collapsible.Content className="px-3.5 pb-1">
          <SummaryLines />
        </Collapsible.Content>
      </section>
    </Collapsible.Root>
  );
}

/** On a desk, beside every step. */
export function SummaryAside() {
  const { t } = useLingui();
  const { quote } = useBooking();
  return (
    <aside
      aria-label={t`Your visit`}
      className="panel hidden px-5 desk:sticky desk:top-32 desk:block desk:self-start"
    >
      {quote.lines.length === 0 ? (
        <p className="py-5 text-ink-2">
          <Trans>What you choose appears here.</Trans>
        </p>
      ) : (
        <>
          <div className="pt-5 pb-4">
            <p className="flex items-center gap-3">
              <Totals />
            </p>
            <WaitNote />
          </div>
          <SummaryLines />
        </>
      )}
    </aside>
  );
}

function Totals() {
  const { quote } = useBooking();
  const labels = useLabels();
  return (
    <>
      <b className="num min-w-0 flex-1">
        {labels.services(quote.lines.length)}, {labels.duration(quote.minutes)}
      </b>
      {quote.total && <b className="num">{labels.total(quote.total, quote.isFrom)}</b>}
    </>
  );
}

function WaitNote() {
  const { quote } = useBooking();
  const { wait } = usePhases(quote.lines);
  if (!wait) return null;
  return (
    <span className="mt-1.5 flex items-center gap-2 text-sm text-ink-2">
      <span className={`cat-${wait.colour} ph-processing h-2.5 w-4 flex-none rounded-[3px]`} />
      {wait.text}
    </span>
  );
}
