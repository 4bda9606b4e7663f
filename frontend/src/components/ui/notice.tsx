import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";

type NoticeProps = {
  readonly tone: "info" | "warn" | "danger";
  readonly title: string;
  readonly children?: ReactNode;
};

/** Says what happened and what to do; read out at once when it appears. */
export function Notice({ tone, title, children }: NoticeProps) {
  const Icon = tone === "info" ? Info : CircleAlert;
  return (
    <div className={`notice tone-${tone}`} role={tone === "info" ? "status" : "alert"}>
      <Icon className="i" aria-hidden />
      <div className="grid min-w-0 flex-1 gap-1">
        <b>{title}</b>
        {children}
      </div>
    </div>
  );
}
