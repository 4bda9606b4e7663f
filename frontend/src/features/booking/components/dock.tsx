import type { ReactNode } from "react";

type DockProps = {
  readonly title: string;
  readonly detail?: string | undefined;
  /** The one filled button of the view. */
  readonly children: ReactNode;
};

export function Dock({ title, detail, children }: DockProps) {
  return (
    <div className="dock">
      <div className="mx-auto flex max-w-[1040px] items-center gap-4 px-5 py-3">
        <p className="min-w-0 flex-1 text-sm leading-snug text-ink-2">
          <b className="num block text-md text-ink">{title}</b>
          {detail}
        </p>
        {children}
      </div>
    </div>
  );
}
