"""Nobody but its Host says where the server is."""

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.api.access.forwarded import NoForwardedHost


def test_the_app_does_not_see_what_others_say_of_its_address():
    app = Starlette(routes=[Route("/", lambda request: JSONResponse(sorted(request.headers)))])
    claims = ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Prefix",
              "Forwarded", "X-Gradio-Server"]  # fmt: skip
    seen = TestClient(NoForwardedHost(app)).get("/", headers=dict.fromkeys(claims, "evil.example") | {"x-other": "1"})
    assert seen.json() == ["accept", "accept-encoding", "connection", "host", "user-agent", "x-other"]
