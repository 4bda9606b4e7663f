type SkeletonProps = { readonly label: string; readonly rows?: number; readonly className: string };

export function Skeletons({ label, rows = 1, className }: SkeletonProps) {
  return (
    <div aria-busy="true" className="grid gap-3">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={`skel ${className}`} />
      ))}
    </div>
  );
}
