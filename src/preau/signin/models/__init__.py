"""Tables of sign-in. No secret is kept as it is: passwords, codes and tokens are hashes."""

from preau.signin.models.code import CodePurpose, OneUseCode
from preau.signin.models.credential import Credential, CredentialKind
from preau.signin.models.log import Outcome, SignInLog
from preau.signin.models.session import Session
from preau.signin.models.setup_link import SetupLink

__all__ = [
    "CodePurpose",
    "Credential",
    "CredentialKind",
    "OneUseCode",
    "Outcome",
    "Session",
    "SetupLink",
    "SignInLog",
]
