"""For tests of this room and of others: browsers in which somebody is signed in, examples for the refusal matrix."""

from __future__ import annotations

from django.test import Client

from preau.directory.api import Person
from preau.directory.testing import World
from preau.kernel.actor import system
from preau.kernel.routes import Example
from preau.signin.actions.passwords import set_password
from preau.signin.passwords.hashing import hash_password

PASSWORD = "sept-tuiles-et-un-pigeon"


def give_password(person: Person, password: str = PASSWORD) -> str:
    """Gives somebody a password, and returns it."""
    set_password(system("testing"), person, password_hash=hash_password(password))
    return password


def signed_in(person: Person, password: str = "") -> Client:
    """A browser in which the person has just signed in through the form."""
    client = Client()
    answer = client.post("/connexion", {"username": person.username, "password": password or give_password(person)})
    if answer.status_code != 302:
        raise AssertionError(answer.content.decode())
    return client


def example_setup(world: World) -> Example:
    """A link that never was one."""
    return Example(kwargs={"token": "jamais-fait"})
