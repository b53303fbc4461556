"""A right question and the purpose that it is for, to change a line of."""

QUESTION = "questions/quiet-friends.yaml"
SAFE = "purposes/safety.yaml"
SAFETY = "purpose: safety\nlawful_basis: Care Act 2014\nroles: [analyst]\ndpia: DPIA-8\nsafeguarding: true\n"
TEXT = """question: quiet-friends
title: People who know some suspects
purposes: [safety]
ask:
  least: {label: At least, default: 2}
  since: {label: Since, default: 2024-01-01}
  kind: {label: Kind, choices: [Burglary, Robbery]}
  apart: {label: Metres, kind: metres, default: 200}
  days: {label: Days, kind: days, default: 7}
things:
  who: Person
  friend: Person
  crime: {type: Crime, since: $since, where: {crime_type: $kind}}
  other: Crime
  any: Crime
links:
  - {from: who, type: associated_with, to: friend}
  - {from: friend, type: involved_in, to: crime, roles: [knownSuspect, offender]}
without:
  - {from: who, type: involved_in, to: any}
near: [{of: [crime, other], metres: $apart}]
within: [{of: [crime, other], days: $days}]
answer: who
at_least: {friend: $least}
most: 100
"""
