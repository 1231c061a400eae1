"""What the box writes to MediaMTX, and reads from it, against MediaMTX's own documents."""

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from edge_agent.mediamtx.client import Client, PathMissing, Refused, Unreachable
from edge_agent.mediamtx.config import Credential, Ports, configuration, write
from edge_agent.mediamtx.domain import Add, Delete, Patch, wanted_paths
from protocol.messages import DesiredCamera

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "mediamtx"
CAMERA = DesiredCamera("a", "A", "rtsp://u:s3cret@192.0.2.1/", sub_rtsp_url="rtsp://u:s3cret@192.0.2.1/2")
pytestmark = pytest.mark.skipif(not CONTRACT.is_dir(), reason="no mediamtx contract beside the repository")


@pytest.fixture(scope="module")
def openapi() -> Any:
    return yaml.safe_load((CONTRACT / "openapi.yaml").read_text())


def check(openapi: Any, schema: str, value: object) -> None:
    document = {**openapi, "$ref": f"#/components/schemas/{schema}"}
    jsonschema.Draft202012Validator(document).validate(value)


def test_every_key_of_the_configuration_exists_and_has_the_right_type(openapi: Any) -> None:
    written = configuration(Ports.choose(), "http://127.0.0.1:1/hook")
    defaults = yaml.safe_load((CONTRACT / "mediamtx.yml").read_text())
    assert written.keys() <= defaults.keys()
    glob = {key: value for key, value in written.items() if key not in ("pathDefaults", "paths")}
    assert glob.keys() <= openapi["components"]["schemas"]["GlobalConf"]["properties"].keys()
    check(openapi, "GlobalConf", glob)
    check(openapi, "PathConf", written["pathDefaults"])


def test_only_loopback_listens_but_for_webrtcs_media() -> None:
    written = configuration(Ports.choose(), "http://127.0.0.1:1/hook")
    addresses = {key: value for key, value in written.items() if key.endswith("Address")}
    assert addresses.pop("webrtcLocalUDPAddress") == ":8189"
    assert addresses.pop("webrtcLocalTCPAddress") == ""
    assert all("127.0.0.1:" in str(value) for value in addresses.values()), addresses


def test_a_box_that_serves_loopback_alone_opens_nothing_to_the_lan() -> None:
    written = configuration(Ports.choose(lan_rtsp_port=8554, local_only=True), "http://127.0.0.1:1/hook")
    assert written["webrtcLocalUDPAddress"] == "127.0.0.1:8189"
    assert written["webrtcIPsFromInterfaces"] is False, "no address is offered that nobody listens on"
    assert written["rtspAddress"] == "127.0.0.1:8554"


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    content = configuration(Ports.choose(), "http://127.0.0.1:1/hook")
    file = write(tmp_path / "mediamtx", content)
    assert file.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(file.read_text()) == content


def test_every_path_setting_exists_and_has_the_right_type(openapi: Any) -> None:
    known = openapi["components"]["schemas"]["PathConf"]["properties"]
    for settings in wanted_paths([CAMERA]).values():
        assert settings.keys() <= known.keys()
        check(openapi, "PathConf", settings)
        assert not any(known[key].get("deprecated") for key in settings)


class Contract(httpx.AsyncBaseTransport):
    """Answers from `answers` by operation; what the document does not have fails the test."""

    def __init__(self, openapi: Any, answers: dict[str, tuple[int, object]]) -> None:
        self._openapi = openapi
        self._answers = answers
        self.called: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        operation = self._operation(request)
        self.called.append(operation["operationId"])
        if body := await request.aread():
            check(self._openapi, "PathConf", json.loads(body))
        key = f"{operation['operationId']}?{request.url.params.get('page', '')}".rstrip("?")
        status, answer = self._answers[key]
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]["$ref"]
        check(self._openapi, schema.rpartition("/")[2], answer)
        return httpx.Response(status, json=answer)

    def _operation(self, request: httpx.Request) -> Any:
        for template, methods in self._openapi["paths"].items():
            fixed, _, variable = template.partition("{")
            rest = request.url.path.removeprefix(fixed)
            if request.url.path == template or (variable and rest != request.url.path and "/" not in rest):
                return methods[request.method.lower()]
        raise AssertionError(f"not in the contract: {request.method} {request.url.path}")


OK = {"status": "ok"}


async def test_the_client_speaks_the_contract(openapi: Any) -> None:
    page = {"itemCount": 2, "pageCount": 2}
    one = {"itemCount": 1, "pageCount": 1}
    session = {"id": "6df1864d-69d3-4228-bf42-5a3543a7db72", "path": "a", "created": "2026-01-01T00:00:00Z"}
    contract = Contract(
        openapi,
        {
            "info": (200, {"version": "v1.20.1", "started": "2026-01-01T00:00:00Z"}),
            "configPathsList?0": (200, {**page, "items": [{"name": "a", "record": False}]}),
            "configPathsList?1": (200, {**page, "items": [{"name": "b"}]}),
            "configPathsAdd": (200, OK),
            "configPathsPatch": (200, OK),
            "configPathsDelete": (404, {"status": "error", "error": "path not found"}),
            "pathsList?0": (
                200,
                {"itemCount": 1, "pageCount": 1, "items": [{"name": "a", "available": True}]},
            ),
            "webrtcSessionsList?0": (200, {**one, "items": [session]}),
            "webrtcSessionsKick": (200, OK),
            "hlssessionsList?0": (200, {"itemCount": 0, "pageCount": 0, "items": []}),
            "hlssessionsKick": (404, {"status": "error", "error": "session not found"}),
        },
    )
    async with Client(1, Credential(), contract) as client:
        assert (await client.info()).version == "v1.20.1"
        assert list(await client.configured_paths()) == ["a", "b"]
        for name, settings in wanted_paths([CAMERA]).items():
            await client.apply(Add(name, settings))
        await client.apply(Patch("a", {"source": CAMERA.rtsp_url}))
        await client.apply(Delete("a"))
        assert (await client.paths())[0].available
        [found] = await client.webrtc_sessions()
        await client.kick_webrtc(found.id)
        assert await client.hls_sessions() == []
        with pytest.raises(PathMissing):
            await client.kick_hls(found.id)


async def test_an_error_is_told_without_the_cameras_password(openapi: Any) -> None:
    refusal = {"status": "error", "error": f"invalid source: '{CAMERA.rtsp_url}'"}
    async with Client(1, Credential(), Contract(openapi, {"configPathsAdd": (400, refusal)})) as client:
        with pytest.raises(Refused) as caught:
            await client.apply(Add("a", {"source": CAMERA.rtsp_url}))
    assert "invalid source" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    async with Client(1, Credential()) as gone:
        with pytest.raises(Unreachable):
            await gone.info()
