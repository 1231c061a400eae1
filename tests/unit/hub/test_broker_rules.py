"""The broker's access list says for every stream who writes and who reads it, and nothing else."""

from pathlib import Path

from central_hub.broker import mosquitto_acl, mosquitto_config
from protocol.topics import EDGE_TO_HUB, HUB_TO_EDGE, Stream


def test_every_stream_has_one_writer_and_one_reader() -> None:
    rules = [line for line in mosquitto_acl().splitlines() if line and not line.startswith("#")]
    user = rules.index("user hub")
    boxes, hub = set(rules[:user]), set(rules[user + 1 :])
    assert boxes == {f"pattern write gtv/v1/%u/{stream}" for stream in EDGE_TO_HUB} | {
        f"pattern read gtv/v1/%u/{stream}" for stream in HUB_TO_EDGE
    }
    assert hub == {f"topic read gtv/v1/+/+/{stream}" for stream in EDGE_TO_HUB} | {
        f"topic write gtv/v1/+/+/{stream}" for stream in HUB_TO_EDGE
    }
    assert len(EDGE_TO_HUB) + len(HUB_TO_EDGE) == len(Stream)


def test_the_broker_asks_everybody_for_a_certificate_that_is_not_revoked() -> None:
    config = mosquitto_config(
        bind="0.0.0.0", port=8883, hub_bind="127.0.0.1", hub_port=8884, pki_dir=Path("/etc/gtv")
    )
    _, boxes, hub = config.split("listener ")
    assert boxes.startswith("8883 0.0.0.0") and hub.startswith("8884 127.0.0.1")
    for listener in (boxes, hub):
        for line in (
            "require_certificate true",
            "use_identity_as_username true",
            "crlfile /etc/gtv/ca.crl",
        ):
            assert line in listener.splitlines()
    for line in ("allow_anonymous false", "acl_file /etc/gtv/mosquitto.acl"):
        assert line in config.splitlines()


def test_a_box_cannot_choose_its_client_id_and_the_hub_can() -> None:
    config = mosquitto_config(bind="", port=1, hub_bind="", hub_port=2, pki_dir=Path("/etc/gtv"))
    _, boxes, hub = config.split("listener ")
    assert "use_username_as_clientid true" in boxes and "use_username_as_clientid" not in hub
