import { CircleAlert } from "lucide-react";
import { type ComponentProps, useId } from "react";

type FieldProps = ComponentProps<"input"> & {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
};

export function Field({ label, hint, fault, ...input }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        aria-describedby={described || undefined}
        aria-invalid={fault ? true : undefined}
        {...input}
      />
      {fault && (
        <p className="error" id={`${id}-fault`}>
          <CircleAlert className="i" aria-hidden />
          {fault}
        </p>
      )}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
