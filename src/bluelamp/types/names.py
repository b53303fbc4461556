"""What search and resolution ask of names: folded text, tokens, sounds and nicknames."""

from bluelamp.types.fold import fold, tokens
from bluelamp.types.nicknames import nicknames
from bluelamp.types.sounds import sounds

__all__ = ["fold", "nicknames", "sounds", "tokens"]
