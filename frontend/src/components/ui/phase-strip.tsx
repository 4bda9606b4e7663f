type Phase = { readonly kind: string; readonly minutes: number; readonly name: string };

export type PhasePiece = Phase & { readonly colour: string };

/** The diary block turned on its side: parts as long as their minutes. */
export function PhaseStrip({ pieces, label }: { pieces: readonly PhasePiece[]; label: string }) {
  return (
    <div className="strip" role="img" aria-label={label}>
      {pieces.map((piece, place) => (
        <span
          key={place}
          className={`cat-${piece.colour} ph-${piece.kind}`}
          style={{ flexGrow: piece.minutes }}
        />
      ))}
    </div>
  );
}
