"""What stands around every view, in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from pytest_django import Settings

from preau.kernel.actor import ANONYMOUS, Actor, ActorKind, Hat, Role
from preau.kernel.disclosures import Disclosing
from preau.kernel.errors import Conflict, Invalid, Refused
from preau.kernel.models import Disclosure
from preau.kernel.routes import Authenticator, HouseRequest, Route
from preau.platform import house
from preau.platform.house import urlpatterns, wrap

pytestmark = pytest.mark.django_db

TEACHER = Actor(kind=ActorKind.PERSON, id=7, hats=(Hat(Role.TEACHER, 1, "0001"),))


class Door:
    """An authenticator that knows one actor."""

    def __init__(self, auth: str, actor: Actor | None) -> None:
        self.auth = auth
        self.actor = actor

    def authenticate(self, request: HttpRequest) -> Actor | None:
        return self.actor

    def challenge(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponse(status=401, headers={"WWW-Authenticate": self.auth})


def doors(actor: Actor | None) -> dict[str, Authenticator]:
    return {"session": Door("session", actor), "bearer": Door("bearer", actor)}


def shown(request: HouseRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(f"{request.actor.kind} {kwargs}")


def route(view: Callable[..., HttpResponseBase] = shown, **more: Any) -> Route:
    given: dict[str, Any] = {
        "path": "page",
        "name": "tests.page",
        "auth": "session",
        "allow": frozenset({Role.TEACHER}),
    }
    return Route(view=view, **{**given, **more})


def ask(asked: Route, actor: Actor | None, method: str = "GET", **more: Any) -> HttpResponse:
    request = RequestFactory(**more.pop("defaults", {})).generic(method, "/page", **more)
    request.actor = ANONYMOUS  # type: ignore[attr-defined]  # what the middleware does
    request.disclosing = Disclosing()  # type: ignore[attr-defined]  # what the middleware does
    response = wrap(asked, doors(actor))(request)
    assert isinstance(response, HttpResponse)
    return response


def test_who_may_comes_in() -> None:
    response = ask(route(), TEACHER)
    assert (response.status_code, response.content) == (200, b"person {}")


def test_who_is_not_known_is_challenged() -> None:
    response = ask(route(), None)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "session")


def test_who_has_another_role_is_refused() -> None:
    pupil = Actor(kind=ActorKind.PERSON, id=8, hats=(Hat(Role.PUPIL, 1, "0001"),))
    assert ask(route(), pupil).status_code == 403


def test_another_method_is_named() -> None:
    response = ask(route(methods=("GET", "POST")), TEACHER, "DELETE")
    assert (response.status_code, response["Allow"]) == (405, "HEAD, GET, POST")
    assert ask(route(), TEACHER, "HEAD").status_code == 200
    assert ask(route(methods=("POST",)), TEACHER, "HEAD").status_code == 405


def test_a_stranger_learns_no_methods() -> None:
    assert ask(route(), None, "DELETE").status_code == 401


def test_a_public_page_knows_who_is_signed_in() -> None:
    public = route(auth="public", allow=frozenset())
    assert ask(public, TEACHER).content == b"person {}"
    assert ask(public, None).content == b"anonymous {}"


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Refused("directory.rename"), 403, ""),
        (Refused("directory.rename", "Seule la direction peut le faire."), 403, "Seule la direction"),
        (Invalid({"name": "Le nom manque."}), 422, "Le nom manque."),
        (Conflict("Cette fiche a changé entre-temps."), 409, "Cette fiche a changé"),
    ],
)
def test_the_kernels_refusals_have_their_pages(error: Exception, status: int, sentence: str) -> None:
    def refuse(request: HouseRequest) -> HttpResponse:
        raise error

    response = ask(route(refuse), TEACHER)
    assert response.status_code == status
    assert sentence in response.content.decode()
    fragment = ask(route(refuse), TEACHER, headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert "<html" not in fragment.content.decode()


def test_whom_a_page_shows_is_kept_once_it_was_shown() -> None:
    def show_two(request: HouseRequest) -> HttpResponse:
        request.disclosing.add([8, 9])
        return HttpResponse("shown")

    def break_down(request: HouseRequest) -> HttpResponse:
        request.disclosing.add([10])
        return HttpResponse(status=404)

    def show_errors(request: HouseRequest) -> HttpResponse:
        request.disclosing.add([11])
        return HttpResponse("the record, and what is wrong in the form", status=422)

    assert ask(route(show_two, discloses="Consulter une fiche"), TEACHER).status_code == 200
    assert ask(route(break_down, discloses="Consulter une fiche"), TEACHER).status_code == 404
    assert ask(route(show_errors, discloses="Consulter une fiche"), TEACHER).status_code == 422
    kept = Disclosure.objects.order_by("subject").values_list("viewer", "subject", "purpose", "route", "viewer_role")
    assert list(kept) == [(7, subject, "Consulter une fiche", "tests.page", "teacher") for subject in (8, 9, 11)]
    with pytest.raises(ImproperlyConfigured, match="without declaring"):
        ask(route(show_two), TEACHER)


def test_nul_reaches_no_view() -> None:
    reached: list[int] = []

    def view(request: HouseRequest) -> HttpResponse:
        reached.append(1)
        return HttpResponse("shown")

    both = route(view, methods=("GET", "POST"))
    form = "application/x-www-form-urlencoded"
    assert ask(both, TEACHER, QUERY_STRING="q=a%00b").status_code == 400
    assert ask(both, TEACHER, QUERY_STRING="a%00=b").status_code == 400
    assert ask(both, TEACHER, "POST", data=b"q=x&name=%00", content_type=form).status_code == 400
    part = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\na\0b\r\n--x--\r\n'
    assert ask(both, TEACHER, "POST", data=part, content_type="multipart/form-data; boundary=x").status_code == 400
    assert reached == []
    assert ask(both, TEACHER, "POST", data=b"q=x%20y", content_type=form).status_code == 200


def test_a_large_form_is_not_taken_apart() -> None:
    size = 1 << 20
    request = RequestFactory().post("/page", b"a=" + b"x" * size, content_type="application/x-www-form-urlencoded")
    with pytest.raises(RequestDataTooBig):
        assert request.POST


def test_only_cookies_need_djangos_token() -> None:
    assert not getattr(wrap(route(), doors(TEACHER)), "csrf_exempt", False)
    assert not getattr(wrap(route(auth="public", allow=frozenset()), doors(TEACHER)), "csrf_exempt", False)
    assert getattr(wrap(route(auth="bearer:roster", allow=frozenset()), doors(TEACHER)), "csrf_exempt", False)


def test_an_isolated_page_says_so() -> None:
    assert "Cross-Origin-Embedder-Policy" not in ask(route(), TEACHER)
    assert ask(route(isolated=True), TEACHER)["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_a_route_adds_to_the_policy(settings: Settings) -> None:
    from csp.middleware import CSPMiddleware

    asked = route(csp={"script-src": ("'wasm-unsafe-eval'",), "frame-src": ("'self'",)})
    request = RequestFactory().get("/page")
    response = CSPMiddleware(lambda _request: ask(asked, TEACHER))(request)
    assert isinstance(response, HttpResponse)
    policy = response["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert directives["frame-src"] == "'self'"
    assert directives["style-src"] == "'self'"


@pytest.mark.parametrize(
    ("host", "secure", "status"),
    [("preau.lan", False, 403), ("preau.lan", True, 200), ("localhost:8000", False, 200), ("127.0.0.1", False, 200)],
)
def test_a_page_that_needs_a_secure_context_explains(
    settings: Settings, host: str, status: int, *, secure: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    response = ask(route(secure_context=True), TEACHER, secure=secure, headers={"host": host})
    assert response.status_code == status
    assert ("https" in response.content.decode()) is (status == 403)


def test_what_may_not_start_does_not() -> None:
    two = [route(path="page/<uuid:a>", name="tests.a"), route(path="page/<uuid:b>", name="tests.b")]
    session = doors(None).values()
    with pytest.raises(ImproperlyConfigured, match="same path"):
        urlpatterns(two, session)
    with pytest.raises(ImproperlyConfigured, match=r"two routes are called tests\.page"):
        urlpatterns([route(), route(path="other")], session)
    with pytest.raises(ImproperlyConfigured, match="never from anybody"):
        urlpatterns([route(auth="public", allow=frozenset(), body_limit=(1 << 20) + 1)], session)
    with pytest.raises(ImproperlyConfigured, match="no room offers an authenticator for 'device'"):
        urlpatterns([route(auth="device")], session)
    assert [pattern.name for pattern in urlpatterns([two[0], route()], session)] == ["tests.a", "tests.page"]


def test_the_house_stands() -> None:
    assert house.house_urlpatterns()
