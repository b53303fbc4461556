"""A few things of the made-up force by name, which tests and documentation look for."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from bluelamp.demo.batch import Batch
from bluelamp.demo.plan import Ints
from bluelamp.demo.world import World

#: (source, record of a person) -> the columns of its key, given name, surname and birth date
_COLUMNS = {
    ("crimes", "victim"): ("Crime Ref", "Victim Forename", "Victim Surname", "Victim DOB"),
    ("crimes", "suspect"): ("Crime Ref", "Suspect Forename", "Suspect Surname", "Suspect DOB"),
    ("crimes", "suspect_2"): ("Crime Ref", "Suspect 2 Forename", "Suspect 2 Surname", "Suspect 2 DOB"),
    ("custody", "detainee"): ("Nominal Ref", "Forename", "Surname", "DOB"),
    ("intelligence", "subject"): ("urn", "subject_forename", "subject_surname", "subject_dob"),
    ("intelligence", "associate"): ("urn", "associate_forename", "associate_surname", None),
    ("stops", "searched"): ("Reference", "Name", "Name", "DOB"),
    ("missing", "missing"): ("reference", "person.given_name", "person.family_name", "person.born"),
    ("incidents", "caller"): ("Incident No", "Caller Name", "Caller Name", None),
    ("keepers", "keeper"): ("VRM", "FORENAMES", "SURNAME", "BIRTH"),
    ("staff", "officer"): ("Collar No", "Forename", "Surname", "DOB"),
}


class Scrapbook:
    """Chooses what to remember, and notes where each delivery tells of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        people, crimes = world.people, world.crimes
        named = np.bincount(crimes.offender[crimes.named], minlength=people.count)
        harmed = np.bincount(crimes.victim[crimes.victim >= 0], minlength=people.count)
        # a victim here, a suspect there, with a name that is spelt in several ways, but no record breaker
        fits = (named >= 4) * (harmed >= 1) * (1.0 + world.spelt_given + world.spelt_surname) / (1 + named)
        self._person = int(np.argmax(fits))
        self._secret = -1
        self._notes: dict[int, list[dict[str, Any]]] = {}
        self._conflict: dict[str, Any] = {}

    def keep(self, source: str, file: str, batch: Batch, rows: Ints) -> None:
        """Note the rows of one delivery that tell of the chosen people."""
        for (kind, record), entity in batch.truth.items():
            if kind != "Person":
                continue
            if source == "intelligence" and record == "subject" and self._secret < 0:
                self._secret = next((int(one) for one in entity if self._world.people.secret[one]), -1)
            for person in {self._person, self._secret} - {-1}:
                for at in np.flatnonzero(entity == person):
                    note = self._note(source, record, batch, int(at))
                    self._notes.setdefault(person, []).append({**note, "file": file, "row": int(rows[at])})
        if source == "custody" and not self._conflict:
            self._conflict = self._pnc_conflict(batch)

    def _note(self, source: str, record: str, batch: Batch, at: int) -> dict[str, Any]:
        row = batch.frame.row(at, named=True)
        key, given, surname, born = _COLUMNS[source, record]
        note = {"source": source, "record": record, "key": row[key], "given": row[given], "surname": row[surname]}
        marking = row.get("marking") or row.get("Marking")
        return {**note, "born": row[born] if born else None, **({"marking": marking} if marking else {})}

    def _pnc_conflict(self, batch: Batch) -> dict[str, Any]:
        """A detention with the PNC ID of another person."""
        person, pnc = batch.truth["Person", "detainee"], batch.frame["PNC ID"]
        differs = pnc.is_not_null() & (pnc != self._world.people.pnc.gather(person))
        for at in np.flatnonzero(differs.fill_null(value=False).to_numpy()):
            holder = np.flatnonzero((self._world.people.pnc == pnc[int(at)]).fill_null(value=False).to_numpy())
            if len(holder):
                row = batch.frame.row(int(at), named=True)
                told = {"custody_no": row["Custody No"], "nominal_ref": row["Nominal Ref"], "pnc_id": pnc[int(at)]}
                return {**told, "detained": self._who(int(person[at])), "holder": self._who(int(holder[0]))}
        return {}

    def _who(self, person: int) -> dict[str, Any]:
        people = self._world.people
        return {
            "person": person,
            "given": people.given[person],
            "middle": people.middle[person],
            "surname": people.surname[person],
            "born": str(people.born[person].astype("datetime64[D]")),
            "name_origin": people.origin()[person],
            "pnc_id": people.pnc[person],
        }

    def write(self, path: Path) -> None:
        """Write all that was noted to `path`, as JSON."""
        told = {
            "person": {**self._who(self._person), "records": self._notes.get(self._person, [])},
            "vehicle": self._vehicle(),
            "phone": self._phone(),
            "crime": self._crime(),
            "series": self._series(),
            "secret": {**self._who(self._secret), "records": self._notes.get(self._secret, [])}
            if self._secret >= 0
            else {},
            "pnc_conflict": self._conflict,
            "ward": self._world.places.wards.row(0, named=True),
        }
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")

    def _vehicle(self) -> dict[str, Any]:
        vehicles = self._world.vehicles
        at = int(np.flatnonzero((vehicles.cloned < 0) & (vehicles.keeper == vehicles.sold_to))[0])
        vrm = vehicles.vrm[at]
        clone = np.flatnonzero(vehicles.cloned >= 0)[0]
        return {
            "vehicle": at,
            "vrm": vrm,
            "partial": vrm[:4],
            "keeper": self._who(int(vehicles.keeper[at])),
            "cloned": vehicles.vrm[int(clone)],
        }

    def _phone(self) -> dict[str, Any]:
        world = self._world
        user = int(
            np.flatnonzero(
                (world.phones.first >= 0) & (world.people.offends > 0) & (world.phones.first == world.phones.second)
            )[0]
        )
        number = world.phones.number[int(world.phones.first[user])]
        return {
            "phone": int(world.phones.first[user]),
            "number": f"+44{number}",
            "national": f"0{number}",
            "user": self._who(user),
        }

    def _crime(self) -> dict[str, Any]:
        crimes = self._world.crimes
        at = int(np.flatnonzero(crimes.named & (crimes.victim >= 0) & ~crimes.domestic & (crimes.second < 0))[-1])
        victim, suspect = self._who(int(crimes.victim[at])), self._who(int(crimes.offender[at]))
        return {"reference": crimes.reference[at], "victim": victim, "suspect": suspect}

    def _series(self) -> dict[str, Any]:
        crimes = self._world.crimes
        number = int(np.bincount(crimes.series[crimes.series >= 0]).argmax())
        at = np.flatnonzero(crimes.series == number)
        return {
            "series": number,
            "references": crimes.reference.gather(at).to_list(),
            "leader": self._who(int(crimes.offender[at[0]])),
        }
