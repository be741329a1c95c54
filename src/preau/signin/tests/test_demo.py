"""The demo's nine sign-ins."""

from __future__ import annotations

import pytest
from django.test import Client

from preau.directory.testing import SchoolWorld, make_person
from preau.kernel.actor import Role
from preau.signin import demo
from preau.signin.queries import ever_signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def test_the_nine_sign_in_with_the_password_everybody_knows(school: SchoolWorld) -> None:
    assert demo.accounts() == []
    people = [make_person(school=school.organisation, role=Role.STAFF, username=name) for name in demo.WHO]
    demo.run()
    assert {name for name, _password, _who in demo.accounts()} == {
        "direction", "referent", "prof", "eleve", "parent", "formateur", "academie", "ministere", "dpo",
    }  # fmt: skip
    # Having a password is not having come in.
    assert ever_signed_in([person.pk for person in people]) == set()
    for username, password, _who in demo.accounts():
        assert Client().post("/connexion", {"username": username, "password": password}).status_code == 302
