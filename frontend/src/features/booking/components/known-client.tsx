import { Trans, useLingui } from "@lingui/react/macro";
import { Check, ChevronDown } from "lucide-react";
import { Collapsible } from "radix-ui";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { Problem } from "@/lib/problem";
import { guestFaults } from "../guest";
import { useBooking } from "../hooks/use-booking";
import { useContactProof } from "../hooks/use-contact-proof";

type KnownClientProps = { readonly onEmailMissing: () => void };

/** Who has been here before may prove their address, and gets the card the salon has of them. */
export function KnownClient({ onEmailMissing }: KnownClientProps) {
  const { config, draft } = useBooking();
  const proof = useContactProof();
  const salon = config.salon.name;
  const { email } = proof;

  if (proof.isProven) return <Proven email={email} isNew={proof.isSent} />;

  const send = () => {
    if (guestFaults(draft.guest).email) onEmailMissing();
    else if (!proof.isBusy) proof.send();
  };
  return (
    <Collapsible.Root asChild>
      <section className="panel max-w-[520px]">
        <Collapsible.Trigger className="group flex min-h-13 w-full items-center justify-between gap-3 px-4 text-left">
          <span className="font-[560]">
            <Trans>Already a client?</Trans>
          </span>
          <ChevronDown
            className="i text-lg text-ink-3 transition-transform group-data-[state=open]:rotate-180"
            aria-hidden
          />
        </Collapsible.Trigger>
        <Collapsible.Content className="grid justify-items-start gap-4 px-4 pb-4">
          <p className="text-ink-2">
            <Trans>
              Confirm your e-mail address, and {salon} adds this visit to the card you have there.
              Give the same name as always. You can also just go on.
            </Trans>
          </p>
          {proof.isSent ? (
            <CodeForm proof={proof} onResend={send} />
          ) : (
            <>
              <Button look="secondary" aria-disabled={proof.isBusy} onClick={send}>
                {proof.isBusy ? <Trans>Sending…</Trans> : <Trans>Send me a code</Trans>}
              </Button>
              {proof.problem && <Refusal problem={proof.problem} />}
            </>
          )}
        </Collapsible.Content>
      </section>
    </Collapsible.Root>
  );
}

type CodeFormProps = {
  readonly proof: ReturnType<typeof useContactProof>;
  readonly onResend: () => void;
};

function CodeForm({ proof, onResend }: CodeFormProps) {
  const { t } = useLingui();
  const { announce } = useBooking();
  const form = useRef<HTMLFormElement>(null);
  const [code, setCode] = useState("");
  const [isShort, setShort] = useState(false);
  const { email, problem } = proof;
  const isWrong = problem?.code === "code_refused";

  useEffect(() => {
    announce(t`We sent six digits to ${email}.`);
    form.current?.querySelector("input")?.focus();
    // Above the dock, buttons and all.
    form.current?.scrollIntoView({ block: "nearest" });
  }, [announce, email, t]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const digits = code.replace(/\s/g, "");
    setShort(!/^\d{6}$/.test(digits));
    if (/^\d{6}$/.test(digits) && !proof.isBusy) proof.check(digits);
  };
  return (
    <form ref={form} className="grid w-full scroll-mb-32 gap-4" noValidate onSubmit={submit}>
      <Field
        label={t`Code from the e-mail`}
        hint={t`Six digits, sent to ${email}. They work for ten minutes.`}
        fault={isShort ? t`The code has six digits.` : isWrong ? problem.message : undefined}
        className="input num max-w-44 tracking-[.2em]"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {problem && !isWrong && <Refusal problem={problem} />}
      <p className="flex flex-wrap gap-2">
        <Button look="secondary" type="submit" aria-disabled={proof.isBusy}>
          {proof.isBusy ? <Trans>One moment…</Trans> : <Trans>Confirm the address</Trans>}
        </Button>
        <Button look="quiet" onClick={onResend}>
          <Trans>Send another code</Trans>
        </Button>
      </p>
    </form>
  );
}

function Refusal({ problem }: { readonly problem: Problem }) {
  return (
    <p className="text-danger" role="alert">
      {problem.status === 429 ? (
        <Trans>That was a little often. Try later, or just go on without.</Trans>
      ) : (
        (problem.fields["email"] ?? <Trans>That did not work. Please try again.</Trans>)
      )}
    </p>
  );
}

type ProvenProps = { readonly email: string; readonly isNew: boolean };

function Proven({ email, isNew }: ProvenProps) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The form that had the focus is gone.
    if (isNew) text.current?.focus();
  }, [isNew]);
  return (
    <p
      ref={text}
      tabIndex={-1}
      className="flex max-w-[520px] items-start gap-3 rounded-[10px] bg-ok-soft px-4 py-3.5"
    >
      <Check className="i mt-0.5 text-lg text-ok" aria-hidden />
      <span className="min-w-0 break-words">
        <Trans>{email} is confirmed. This visit goes onto your card.</Trans>
      </span>
    </p>
  );
}
