/** Marks the link of the section one is reading in a `[data-scrollspy]` list of anchors. */
export function followScroll(root: Document): void {
  for (const list of root.querySelectorAll<HTMLElement>("[data-scrollspy]")) {
    const links = new Map<Element, HTMLAnchorElement>();
    for (const link of list.querySelectorAll<HTMLAnchorElement>("a[href^='#']")) {
      const section = root.getElementById(link.hash.slice(1));
      if (section) links.set(section, link);
    }
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.find((entry) => entry.isIntersecting);
        const current = seen && links.get(seen.target);
        if (current) mark(list, links.values(), current);
      },
      { rootMargin: "-20% 0px -70% 0px" },
    );
    for (const section of links.keys()) observer.observe(section);
  }
}

function mark(
  list: HTMLElement,
  links: Iterable<HTMLAnchorElement>,
  current: HTMLAnchorElement,
): void {
  for (const link of links) link.removeAttribute("aria-current");
  current.setAttribute("aria-current", "true");
  // Not scrollIntoView: that would also move the page under the reader's finger.
  list.scrollTo({ left: current.offsetLeft - 20, behavior: "smooth" });
}
