import { useLingui } from "@lingui/react/macro";
import type { PhasePiece } from "@/components/ui/phase-strip";
import type { LineQuote } from "../quote";
import { useLabels } from "./use-labels";

type Phases = {
  readonly pieces: readonly PhasePiece[];
  readonly spoken: string;
  /** The time in which something works by itself, said in words. */
  readonly wait: { readonly colour: string; readonly text: string } | null;
};

/** The parts of a visit that the client is there for. */
export function usePhases(lines: readonly LineQuote[]): Phases {
  const { t } = useLingui();
  const { duration } = useLabels();
  const pieces = lines.flatMap(({ offer }) =>
    offer.option.phases
      .filter((phase) => phase.kind !== "cleanup")
      .map((phase) => ({ ...phase, colour: offer.service.category.colour })),
  );
  const waits = pieces.filter((piece) => piece.kind === "processing");
  const waiting = duration(waits.reduce((minutes, wait) => minutes + wait.minutes, 0));
  const [first] = waits;
  return {
    pieces,
    spoken: pieces.map((piece) => `${piece.name} ${duration(piece.minutes)}`).join(", "),
    wait: first ? { colour: first.colour, text: t`${waiting} of it is developing time` } : null,
  };
}
