"""What can go wrong, each said in one clear sentence: what, where, and what to do."""


class BlueLampError(Exception):
    """Any failure that a user can act on. The text is shown as it stands, so it must make sense alone."""


class DeclarationError(BlueLampError):
    """A workspace file says something that cannot be run; `bluelamp check` explains each one."""


class DeliveryError(BlueLampError):
    """A delivery cannot be read as a whole; what is already published stays as it was."""


class Refused(BlueLampError):
    """The session will not do this for this user and purpose; the refusal is on the audit log."""


class NotFound(BlueLampError):
    """Nothing that this reader may see has that id."""


class Contradiction(BlueLampError):
    """A decision says otherwise than those in force; nothing was changed, and a person must choose."""


class TooMuch(BlueLampError):
    """An answer that would take more than one question may; the text says how to ask for less."""


class HealthStop(BlueLampError):
    """A health check declared with `then: stop` failed, so the build was not published."""


class Stopped(BlueLampError):
    """Somebody stopped long work before it was done."""


class DatabaseUnavailable(BlueLampError):
    """PostgreSQL does not answer; without it no audit entry can be written, so no answer is given."""


#: what no other filling in of a form changes: a page that shows what is wrong with a form lets these go on to their own
UNMENDABLE = (Refused, NotFound, DatabaseUnavailable)
