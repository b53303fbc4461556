"""Right styles, to change a line of."""

STYLES = "styles.yaml"
LOOKS = """styles:
  - style: The Hills
    thing: Person
    where: {surname: Hill}
    badge: star
  - style: Old address
    thing: Location
    where: {address: [1 Old Street, 2 Old Street]}
    said: [postcode]
    colour: teal
    outline: double
  - style: Said to live there
    link: [lives_at, based_at]
    role: homeAddress
    basis: assessment
    grade: {source: ["3"], information: [D, E]}
    colour: pink
    width: thick
"""
