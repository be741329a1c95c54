"""The only door into the directory: actions, queries and types that other modules may use."""

from preau.directory.actions.granting import (
    confirm_guardianships,
    decide_guardianship,
    decide_proposed_role,
    end_role,
    give_role,
)
from preau.directory.actions.importing import apply_import, simulate_import, undo_import
from preau.directory.actions.people import (
    add_person,
    edit_own_profile,
    edit_person,
    protect_person,
    rename_account,
    resume_person,
    suspend_person,
)
from preau.directory.actions.setting_up import set_up_school
from preau.directory.models import (
    Affiliation,
    Grant,
    Group,
    Guardianship,
    Import,
    Membership,
    Organisation,
    Person,
    Place,
    Teaching,
)
from preau.directory.models.base import current
from preau.directory.models.group import GroupKind, MembershipRole
from preau.directory.models.guardianship import Authority
from preau.directory.models.person import AffiliationKind, GrantState, PersonState
from preau.directory.organisations import next_path, root
from preau.directory.policies import children, own_groups
from preau.directory.uai import corrected as corrected_uai
from preau.directory.words import role_word

__all__ = [
    "Affiliation",
    "AffiliationKind",
    "Authority",
    "Grant",
    "GrantState",
    "Group",
    "GroupKind",
    "Guardianship",
    "Import",
    "Membership",
    "MembershipRole",
    "Organisation",
    "Person",
    "PersonState",
    "Place",
    "Teaching",
    "add_person",
    "apply_import",
    "children",
    "confirm_guardianships",
    "corrected_uai",
    "current",
    "decide_guardianship",
    "decide_proposed_role",
    "edit_own_profile",
    "edit_person",
    "end_role",
    "give_role",
    "next_path",
    "own_groups",
    "protect_person",
    "rename_account",
    "resume_person",
    "role_word",
    "root",
    "set_up_school",
    "simulate_import",
    "suspend_person",
    "undo_import",
]
