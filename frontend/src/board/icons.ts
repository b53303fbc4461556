// A picture for each type of thing, white on the colour of its kind; types that a workspace adds get their kind's.

import alert from "../../icons/badge-alert.svg";
import clock from "../../icons/badge-clock.svg";
import cross from "../../icons/badge-cross.svg";
import query from "../../icons/badge-query.svg";
import star from "../../icons/badge-star.svg";
import tick from "../../icons/badge-tick.svg";
import call from "../../icons/call.svg";
import crime from "../../icons/crime.svg";
import custody from "../../icons/custody.svg";
import email from "../../icons/email.svg";
import event from "../../icons/event.svg";
import incident from "../../icons/incident.svg";
import item from "../../icons/item.svg";
import location from "../../icons/location.svg";
import missing from "../../icons/missing.svg";
import organisation from "../../icons/organisation.svg";
import person from "../../icons/person.svg";
import phone from "../../icons/phone.svg";
import proposed from "../../icons/proposed.svg";
import report from "../../icons/report.svg";
import sighting from "../../icons/sighting.svg";
import stop from "../../icons/stop.svg";
import vehicle from "../../icons/vehicle.svg";

const TYPES: Record<string, string> = {
  Call: call,
  Crime: crime,
  Custody: custody,
  Email: email,
  Incident: incident,
  IntelligenceReport: report,
  MissingEpisode: missing,
  Organisation: organisation,
  Phone: phone,
  StopSearch: stop,
  Vehicle: vehicle,
  VehicleSighting: sighting,
};

const KINDS: Record<string, string> = { person, object: item, location, event, proposed };

const SIGNS: Record<string, string> = { alert, clock, cross, query, star, tick };

// The address of a sign that a declared style puts on things.
export function sign(name: string): string {
  return SIGNS[name] ?? query;
}

export function icon(type: string, kind: string): string {
  return TYPES[type] ?? KINDS[kind] ?? item;
}

// The same as in the graph, for a legend or a heading; it says nothing to a screen reader, as words stand beside it.
export function badge(type: string, kind: string): HTMLElement {
  const made = document.createElement("span");
  made.className = `bl-kind bl-kind--${kind}`;
  const picture = document.createElement("img");
  picture.src = icon(type, kind);
  picture.alt = "";
  made.append(picture);
  return made;
}
