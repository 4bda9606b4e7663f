import { Trans, useLingui } from "@lingui/react/macro";
import { CalendarPlus, Check } from "lucide-react";
import { Button } from "@/components/ui/button";
import { clock, dayOf, formatDay, longDay } from "@/lib/dates";
import { formatMoney } from "@/lib/money";
import type { Booked } from "../hooks/use-booked";
import { useBooking } from "../hooks/use-booking";
import { StepHeading } from "./step-heading";

export function Done({ appointment }: { readonly appointment: Booked }) {
  const { t } = useLingui();
  const { config, draft, locale, go } = useBooking();
  const zone = appointment.timezone;
  const day = dayOf(appointment.starts_at, zone);
  const short = formatDay(day, locale, { weekday: "long", day: "numeric", month: "long" });
  const email = draft.guest.email;

  return (
    <>
      <span className="grid size-14 place-items-center rounded-full bg-ok-soft text-[28px] text-ok">
        <Check className="i" aria-hidden />
      </span>
      <StepHeading title={t`See you on ${short}`}>
        {email ? (
          <Trans>We sent the confirmation to {email}.</Trans>
        ) : (
          <Trans>You are booked.</Trans>
        )}
      </StepHeading>
      <section className="panel" aria-label={t`Your visit`}>
        <p className="p-5">
          <b className="block text-lg">{longDay(day, locale)}</b>
          <span className="num text-lg">
            {clock(appointment.starts_at, zone)}–{clock(appointment.ends_at, zone)}
          </span>
          <span className="block text-ink-2">{config.salon.name}</span>
        </p>
        <ul className="rows border-t border-line px-5">
          {appointment.lines.map((line) => (
            <li key={line.id} className="flex items-baseline justify-between gap-4 py-3.5">
              <span>
                <b>{line.service_name}</b>
                <span className="num block text-sm text-ink-2">
                  <Trans>
                    {clock(line.starts_at, zone)} with {line.staff_name}
                  </Trans>
                </span>
              </span>
              <span className="num">{formatMoney(line.price, locale)}</span>
            </li>
          ))}
          <li className="flex items-baseline justify-between gap-4 py-4 font-[560]">
            <Trans>Total, paid at the salon</Trans>
            <span className="num text-lg">{formatMoney(appointment.total, locale)}</span>
          </li>
        </ul>
      </section>
      <div className="flex flex-wrap gap-3">
        {appointment.ics_url && (
          <Button asChild className="max-sm:w-full">
            <a href={appointment.ics_url}>
              <CalendarPlus className="i text-lg" aria-hidden />
              <Trans>Add to calendar</Trans>
            </a>
          </Button>
        )}
        {appointment.manage_url && (
          <Button asChild look="secondary" className="max-sm:w-full">
            <a href={appointment.manage_url}>
              <Trans>Change or cancel</Trans>
            </a>
          </Button>
        )}
        <Button look="quiet" className="max-sm:w-full" onClick={() => go("services")}>
          <Trans>Book another visit</Trans>
        </Button>
      </div>
    </>
  );
}
