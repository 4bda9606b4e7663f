import type { operations } from "@/api/salon";

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;

type Services = Json<operations["listServices"]["responses"]["200"]>;
type Team = Json<operations["listStaff"]["responses"]["200"]>;

export type Service = Services["items"][number];
export type Option = Service["options"][number];
export type Staff = Team["items"][number];
export type Availability = Json<operations["getAvailability"]["responses"]["200"]>;
export type Start = Availability["days"][number]["starts"][number];
export type Booking = Json<operations["bookAppointment"]["requestBody"]>;
export type Appointment = Json<operations["bookAppointment"]["responses"]["201"]>;

export type Guest = { readonly name: string; readonly email: string; readonly phone: string };
