import { mountBooking } from "./app/mount-booking";

void mountBooking(document);
