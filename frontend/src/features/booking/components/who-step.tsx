import { Trans, useLingui } from "@lingui/react/macro";
import { Users } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Choice, ChoiceItem } from "@/components/ui/choice";
import { offerName, staffFor } from "../catalogue";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import type { LineQuote } from "../quote";
import { Dock } from "./dock";
import { StepHeading } from "./step-heading";

const ANYONE = "anyone";

export function WhoStep() {
  const { t } = useLingui();
  const { quote, go } = useBooking();
  const labels = useLabels();
  return (
    <>
      <StepHeading title={t`With whom?`}>
        <Trans>With anyone you have the most times to choose from.</Trans>
      </StepHeading>
      {quote.lines.map((line) => (
        <section key={line.offer.option.id} className="grid gap-3">
          {quote.lines.length > 1 && <h2 className="font-semibold">{offerName(line.offer)}</h2>}
          <StaffChoice line={line} />
        </section>
      ))}
      <Dock
        title={`${labels.services(quote.lines.length)}, ${labels.duration(quote.minutes)}`}
        detail={quote.total ? labels.total(quote.total, quote.isFrom) : undefined}
      >
        <Button className="min-w-30 desk:min-w-50" onClick={() => go("when")}>
          <Trans>Next</Trans>
        </Button>
      </Dock>
    </>
  );
}

function StaffChoice({ line }: { line: LineQuote }) {
  const { t, i18n } = useLingui();
  const { catalogue, draft, dispatch } = useBooking();
  const { price } = useLabels();
  const { option } = line.offer;
  const languages = new Intl.DisplayNames([i18n.locale], { type: "language" });
  const languageName = (code: string) => languages.of(code) ?? code;

  return (
    <Choice
      className="grid gap-2 desk:grid-cols-2"
      aria-label={t`Who does: ${offerName(line.offer)}`}
      value={draft.staff[option.id] ?? ANYONE}
      onValueChange={(value) => {
        dispatch({
          type: "staffChosen",
          optionId: option.id,
          staffId: value === ANYONE ? null : value,
        });
      }}
    >
      <ChoiceItem value={ANYONE} className="choice-card">
        <span className="avatar bg-accent text-lg text-on-accent">
          <Users className="i" aria-hidden />
        </span>
        <span className="min-w-0 flex-1">
          <b className="block">
            <Trans>Anyone</Trans>
          </b>
          <span className="block text-sm text-ink-2">
            <Trans>Most times</Trans>
          </span>
        </span>
      </ChoiceItem>
      {staffFor(catalogue, option.id).map((member) => {
        const terms = member.prices.find((each) => each.option_id === option.id);
        return (
          <ChoiceItem key={member.id} value={member.id} className="choice-card">
            <Avatar name={member.name} place={catalogue.staff.indexOf(member)} />
            <span className="min-w-0 flex-1">
              <b className="block truncate">{member.name}</b>
              <span className="block text-sm leading-snug text-ink-2">
                {[member.title, member.languages.map(languageName).join(", ")]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            {terms && (
              <span className="num text-sm text-ink-2">
                {price(terms.price, option.price_kind === "quoted")}
              </span>
            )}
          </ChoiceItem>
        );
      })}
    </Choice>
  );
}
