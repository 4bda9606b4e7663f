import { Trans, useLingui } from "@lingui/react/macro";
import { type ChangeEvent, type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { type GuestFault, guestFaults } from "../guest";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { useWhen } from "../hooks/use-when";
import type { Guest } from "../types";
import { Dock } from "./dock";
import { KnownClient } from "./known-client";
import { StepHeading } from "./step-heading";
import { FoldedSummary } from "./summary";

const FORM = "guest";

export function YouStep() {
  const { t } = useLingui();
  const { config, draft, quote, dispatch, go, setback, setSetback } = useBooking();
  const labels = useLabels();
  const when = useWhen();
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setChecked] = useState(false);
  const refused = setback?.kind === "guest" ? setback.fields : {};
  const faults = isChecked ? guestFaults(draft.guest) : {};
  const salon = config.salon.name;

  const words: Record<keyof Guest, Record<GuestFault, string>> = {
    name: { missing: t`Please tell us your name.`, malformed: t`Please tell us your name.` },
    email: {
      missing: t`Please leave your e-mail address.`,
      malformed: t`This does not look like an e-mail address.`,
    },
    phone: { missing: "", malformed: t`This does not look like a phone number.` },
  };
  const field = (name: keyof Guest) => {
    const fault = faults[name];
    return {
      name,
      value: draft.guest[name],
      fault: refused[name] ?? (fault && words[name][fault]),
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        if (refused[name]) setSetback(null);
        dispatch({ type: "guestChanged", guest: { ...draft.guest, [name]: event.target.value } });
      },
    };
  };

  const mend = (name: string) => {
    setChecked(true);
    form.current?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first] = Object.keys(guestFaults(draft.guest));
    if (first) mend(first);
    else go("confirm");
  };

  return (
    <>
      <StepHeading title={t`Who is coming?`}>
        <Trans>No account needed. We write to you about this visit only.</Trans>
      </StepHeading>
      <FoldedSummary />
      {setback?.kind === "guest" && (
        <Notice tone="danger" title={t`Please look at the marked answer.`} />
      )}
      {setback?.kind === "proofEnded" && (
        <Notice tone="warn" title={t`Your code was confirmed too long ago.`}>
          <p>
            <Trans>Confirm your e-mail once more below, or go on without. Nothing is lost.</Trans>
          </p>
        </Notice>
      )}
      <form id={FORM} ref={form} className="grid max-w-[520px] gap-5" noValidate onSubmit={submit}>
        <Field label={t`Name`} autoComplete="name" maxLength={120} required {...field("name")} />
        <Field
          label={t`E-mail`}
          type="email"
          inputMode="email"
          autoComplete="email"
          maxLength={254}
          required
          hint={t`Your confirmation goes here, with a link to change or cancel.`}
          {...field("email")}
        />
        <Field
          label={t`Phone, if you like`}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          maxLength={32}
          hint={t`So that ${salon} can reach you on the day.`}
          {...field("phone")}
        />
      </form>
      <KnownClient onEmailMissing={() => mend("email")} />
      <Dock
        title={when?.span ?? ""}
        detail={quote.total ? labels.total(quote.total, quote.isFrom) : undefined}
      >
        <Button className="min-w-30 desk:min-w-50" type="submit" form={FORM}>
          <Trans>Next</Trans>
        </Button>
      </Dock>
    </>
  );
}
