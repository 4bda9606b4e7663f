import { useLingui } from "@lingui/react/macro";
import type { Group } from "../catalogue";

/** Buttons, not anchors: the address holds the step. */
export function CategoryJump({ groups }: { groups: readonly Group[] }) {
  const { t } = useLingui();
  if (groups.length < 3) return null;
  return (
    <nav
      aria-label={t`Kinds of services`}
      className="sticky top-[94px] z-[5] -mx-5 flex [scrollbar-width:none] gap-2 overflow-x-auto bg-bg px-5 py-2 desk:static desk:mx-0 desk:flex-wrap desk:p-0"
    >
      {groups.map(({ category }) => (
        <button
          key={category.id}
          type="button"
          className="min-h-11 flex-none rounded-full border border-line bg-surface px-4 text-ink-2 hover:border-line-strong"
          onClick={() => {
            document.getElementById(`category-${category.id}`)?.scrollIntoView();
          }}
        >
          {category.name}
        </button>
      ))}
    </nav>
  );
}
