import type { Money } from "@/lib/money";
import type { Option, Service, Staff } from "./types";

export type Offer = { readonly service: Service; readonly option: Option };

export type Catalogue = {
  readonly services: readonly Service[];
  readonly staff: readonly Staff[];
  readonly offers: ReadonlyMap<string, Offer>;
};

/** Without add-ons that are only sold together with another service: here each is chosen alone. */
export function buildCatalogue(listed: readonly Service[], staff: readonly Staff[]): Catalogue {
  const services = listed.filter((service) => service.addon?.sold_alone !== false);
  const offers = new Map<string, Offer>();
  for (const service of services)
    for (const option of service.options) offers.set(option.id, { service, option });
  return { services, staff, offers };
}

export function staffFor(catalogue: Catalogue, optionId: string): Staff[] {
  return catalogue.staff.filter((member) => member.option_ids.includes(optionId));
}

export type Terms = { readonly price: Money; readonly minutes: number };

/** The cheapest of these people for this option; the option's own terms when nobody is left. */
export function cheapestTerms(option: Option, people: readonly Staff[]): Terms {
  const [cheapest] = people
    .flatMap((member) => member.prices.filter((price) => price.option_id === option.id))
    .toSorted((one, other) => one.price.amount - other.price.amount);
  return cheapest ?? option;
}

/** "Cut, long hair"; a service with one option goes by its own name. */
export function offerName({ service, option }: Offer): string {
  return service.options.length > 1 ? `${service.name}, ${option.name}` : service.name;
}

export type Group = { readonly category: Service["category"]; readonly services: Service[] };

export function byCategory(services: readonly Service[]): Group[] {
  const groups = new Map<string, Group>();
  for (const service of services) {
    const group = groups.get(service.category.id);
    if (group) group.services.push(service);
    else groups.set(service.category.id, { category: service.category, services: [service] });
  }
  return [...groups.values()];
}
