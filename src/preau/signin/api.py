"""The only door into sign-in: actions, queries and types that other modules may use."""

from preau.signin.actions.codes import make_code, make_group_codes
from preau.signin.actions.passwords import set_password
from preau.signin.actions.sessions import end_sessions
from preau.signin.hats import Choice, hats_of
from preau.signin.identity import SignedIn
from preau.signin.models import Session
from preau.signin.policies import resettable
from preau.signin.queries import ever_signed_in

__all__ = [
    "Choice",
    "Session",
    "SignedIn",
    "end_sessions",
    "ever_signed_in",
    "hats_of",
    "make_code",
    "make_group_codes",
    "resettable",
    "set_password",
]
