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
  const pieces = lines.flatMap(piecesOf);
  const waits = pieces.filter((piece) => piece.kind === "processing");
  const [first] = waits;
  const waiting = duration(inFives(waits.reduce((sum, wait) => sum + wait.minutes, 0)));
  const nameOf = (piece: PhasePiece) =>
    piece.name || (piece.kind === "processing" ? t`developing` : t`treatment`);
  return {
    pieces,
    spoken: pieces
      .map((piece) => `${nameOf(piece)} ${duration(Math.round(piece.minutes))}`)
      .join(", "),
    wait: first
      ? { colour: first.colour, text: t`about ${waiting} of it is developing time` }
      : null,
  };
}

/** The phases are told at one pace; everybody works at their own, so they are stretched to it. */
function piecesOf({ offer, minutes }: LineQuote): PhasePiece[] {
  const { option, service } = offer;
  return option.phases
    .filter((phase) => phase.kind !== "cleanup")
    .map((phase) => ({
      ...phase,
      minutes: (phase.minutes * minutes) / option.minutes,
      colour: service.category.colour,
    }));
}

function inFives(minutes: number): number {
  return Math.max(5, Math.round(minutes / 5) * 5);
}
