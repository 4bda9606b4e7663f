import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { clock, dayOf, shortDay } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import type { Setback } from "../setback";
import type { Start } from "../types";

/** What went wrong at the last step, and the way on. */
export function SetbackNotice({ setback }: { setback: Setback }) {
  const { t } = useLingui();
  const labels = useLabels();
  const { dispatch, setSetback } = useBooking();

  switch (setback.kind) {
    case "timeGone":
      return <TimeGone message={setback.message} alternatives={setback.alternatives} />;
    case "priceChanged": {
      const total = labels.total(setback.total, false);
      return (
        <Notice tone="warn" title={t`The price has changed.`}>
          <p>
            <Trans>It is {total} now. Nothing has been booked yet.</Trans>
          </p>
          <p className="mt-2">
            <Button
              look="secondary"
              onClick={() => {
                dispatch({ type: "totalAgreed", total: setback.total });
                setSetback(null);
              }}
            >
              <Trans>Go on with {total}</Trans>
            </Button>
          </p>
        </Notice>
      );
    }
    case "uncertain":
      return (
        <Notice tone="danger" title={t`We did not get an answer.`}>
          <p>
            <Trans>
              Please try again. If the first try did arrive, you will not be booked twice.
            </Trans>
          </p>
        </Notice>
      );
    case "tooMany":
      return (
        <Notice tone="warn" title={t`That was a little fast.`}>
          <p>
            <Trans>Please wait a minute and try again. Nothing is lost.</Trans>
          </p>
        </Notice>
      );
    case "guest":
    case "proofEnded":
    case "services":
    case "refused":
      return (
        <Notice
          tone="danger"
          title={("message" in setback && setback.message) || t`The salon could not accept this.`}
        />
      );
  }
}

function TimeGone({ message, alternatives }: { message: string; alternatives: Start[] }) {
  const { t } = useLingui();
  const { config, locale, dispatch, setSetback, go, announce } = useBooking();
  const zone = config.salon.timezone;
  const label = (start: Start) =>
    `${shortDay(dayOf(start.starts_at, zone), locale)}, ${clock(start.starts_at, zone)}`;

  return (
    <Notice tone="warn" title={message || t`This time has just been taken.`}>
      <p>
        {alternatives.length > 0 ? (
          <Trans>These are free. Your other choices stay as they are.</Trans>
        ) : (
          <Trans>Please choose another one. Your other choices stay as they are.</Trans>
        )}
      </p>
      <ul className="mt-2 flex flex-wrap gap-2">
        {alternatives.map((start) => (
          <li key={start.starts_at}>
            <Button
              look="secondary"
              className="num"
              onClick={() => {
                dispatch({ type: "startChosen", start });
                setSetback(null);
                announce(t`Chosen: ${label(start)}`);
              }}
            >
              {label(start)}
            </Button>
          </li>
        ))}
        <li>
          <Button look="quiet" onClick={() => go("when")}>
            <Trans>All free times</Trans>
          </Button>
        </li>
      </ul>
    </Notice>
  );
}
