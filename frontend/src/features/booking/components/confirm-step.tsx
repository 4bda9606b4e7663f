import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/components/ui/button";
import { useBook } from "../hooks/use-book";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { useWhen } from "../hooks/use-when";
import type { Appointment } from "../types";
import { Dock } from "./dock";
import { SetbackNotice } from "./setback-notice";
import { StepHeading } from "./step-heading";
import { SummaryLines } from "./summary-lines";

type ConfirmStepProps = { readonly onBooked: (appointment: Appointment) => void };

export function ConfirmStep({ onBooked }: ConfirmStepProps) {
  const { t } = useLingui();
  const { config, draft, quote, go, setback } = useBooking();
  const labels = useLabels();
  const when = useWhen();
  const book = useBook(onBooked);
  const total = draft.agreedTotal ?? quote.total;
  const totalLabel = total ? labels.total(total, !draft.agreedTotal && quote.isFrom) : "";
  const isBlocked =
    book.isPending || setback?.kind === "timeGone" || setback?.kind === "priceChanged";
  const policies = config.salon.policies ?? [];

  return (
    <>
      <StepHeading title={t`Is everything right?`} />
      {setback && <SetbackNotice setback={setback} />}
      <section className="panel" aria-label={t`Your visit`}>
        <Row label={t`Change the time`} onChange={() => go("when")}>
          <b className="block text-lg">{when?.day}</b>
          <span className="num text-lg">{when?.hours}</span>
        </Row>
        <div className="px-5">
          <SummaryLines />
        </div>
        <p className="flex items-baseline justify-between gap-4 border-t border-line px-5 py-4">
          <span>
            <b>
              <Trans>Total</Trans>
            </b>
            <span className="block text-sm text-ink-2">
              <Trans>Pay at the salon after your visit.</Trans>
            </span>
          </span>
          <b className="num text-xl">{totalLabel}</b>
        </p>
        <div className="border-t border-line">
          <Row label={t`Change your details`} onChange={() => go("you")}>
            <b className="block">{draft.guest.name}</b>
            <span className="block break-words text-ink-2">{draft.guest.email}</span>
            {draft.guest.phone && <span className="num block text-ink-2">{draft.guest.phone}</span>}
          </Row>
        </div>
      </section>
      {policies.length > 0 && (
        <dl className="grid gap-4">
          {policies.map((policy) => (
            <div key={policy.title}>
              <dt className="font-[560]">{policy.title}</dt>
              <dd className="text-ink-2">{policy.text}</dd>
            </div>
          ))}
        </dl>
      )}
      <Dock title={when?.span ?? ""} detail={totalLabel}>
        <Button
          className="min-w-36 desk:min-w-50"
          aria-disabled={isBlocked}
          aria-busy={book.isPending}
          onClick={() => {
            if (!isBlocked) book.mutate();
          }}
        >
          <BookLabel isPending={book.isPending} isAgain={setback?.kind === "uncertain"} />
        </Button>
      </Dock>
    </>
  );
}

function BookLabel({ isPending, isAgain }: { isPending: boolean; isAgain: boolean }) {
  if (isPending) return <Trans>Booking…</Trans>;
  return isAgain ? <Trans>Try again</Trans> : <Trans>Book now</Trans>;
}

type RowProps = {
  readonly label: string;
  readonly onChange: () => void;
  readonly children: React.ReactNode;
};

function Row({ label, onChange, children }: RowProps) {
  return (
    <div className="flex items-start justify-between gap-3 p-5">
      <div className="min-w-0">{children}</div>
      <Button look="quiet" className="-mt-2 -mr-2.5" aria-label={label} onClick={onChange}>
        <Trans>Change</Trans>
      </Button>
    </div>
  );
}
